import { onHost } from "../ssh-access.ts";
import type { Fault } from "./fault.ts";

export const hangingTools: Fault[] = [
  {
    name: "tool-hanging",
    host: "nas",
    plays: "upsd accepts connections and says nothing: upsc hangs",
    break: () => onHost("nas", "kill -STOP $(pidof upsd)"),
    mend: () => onHost("nas", "kill -CONT $(pidof upsd)"),
  },
  {
    name: "docker-hanging",
    host: "vps1",
    plays: "dockerd says nothing: docker ps hangs, the containers run on",
    break: () => onHost("vps1", "systemctl kill --kill-whom=main --signal=STOP docker.service"),
    mend: () =>
      onHost(
        "vps1",
        "systemctl kill --kill-whom=main --signal=CONT docker.service; docker ps --quiet >/dev/null",
      ),
  },
];
