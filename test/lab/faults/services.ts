import { onHost } from "../ssh-access.ts";
import type { Fault } from "./fault.ts";

const webPid = "$(podman inspect --format '{{.State.Pid}}' web)";

export const serviceFaults: Fault[] = [
  {
    name: "service-failed",
    host: "vps2",
    plays: "ledger.service exits with 3 and stays failed",
    break: () => onHost("vps2", "touch /var/lib/ledger/torn; systemctl restart ledger; sleep 0.5"),
    mend: () =>
      onHost("vps2", "rm -f /var/lib/ledger/torn; systemctl reset-failed ledger; systemctl start ledger"),
  },
  {
    name: "service-looping",
    host: "vps2",
    plays: "poller.service crashes every 2 s and is restarted forever",
    // One crash is no loop yet: three are.
    break: () =>
      onHost(
        "vps2",
        "touch /var/lib/poller/garbled; until [ $(systemctl show -P NRestarts poller) -ge 3 ]; do sleep 0.5; done",
      ),
    // Who is stopped between two tries keeps the count of them: it is set back as well.
    mend: () =>
      onHost(
        "vps2",
        "rm -f /var/lib/poller/garbled; systemctl stop poller; systemctl reset-failed poller 2>/dev/null || true; systemctl start poller",
      ),
  },
  {
    name: "service-stopped-alive",
    host: "vps1",
    plays: "web runs and accepts connections, but never answers (SIGSTOP)",
    break: () => onHost("vps1", `kill -STOP ${webPid}`),
    mend: () => onHost("vps1", `kill -CONT ${webPid}; podman healthcheck run web; systemctl reset-failed`),
  },
];
