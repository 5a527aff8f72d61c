import { connect } from "node:net";

type Reply = { return?: unknown; error?: { desc: string } };

/** Sends one command to the control socket of a machine and returns its answer. */
export function qmp(socketFile: string, execute: string, args: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketFile);
    let buffer = "";
    const send = (message: object): boolean => socket.write(`${JSON.stringify(message)}\n`);
    const finish = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    let answersBefore = 1;
    socket.setTimeout(10_000, () =>
      finish(() => reject(new Error(`${execute}: the machine does not answer`))),
    );
    socket.on("error", reject);
    socket.on("data", (data) => {
      buffer += data;
      const lines = buffer.split("\n");
      buffer = lines.pop() ?? "";
      for (const line of lines) {
        const message: Reply & { QMP?: object } = JSON.parse(line);
        if (message.QMP) {
          send({ execute: "qmp_capabilities" });
          send({ execute, arguments: args });
        } else if (message.error) {
          const { desc } = message.error;
          finish(() => reject(new Error(`${execute}: ${desc}`)));
        } else if ("return" in message && answersBefore-- === 0) {
          finish(() => resolve(message.return));
        }
      }
    });
  });
}
