/** An inventory that says everything once, as a person would write it. */
export const example = `# What a person should be able to write. Names and nesting may improve; nothing here may become harder to say.
version: 1

defaults:
  user: ops
  become: sudo                      # sudo | doas | none

hosts:
  vps1: { address: 10.0.20.11, groups: [apps], zone: closet, power: rack }
  vps2: { address: 10.0.20.12, groups: [apps], zone: shed, power: shed }
  nas:  { address: 10.0.20.20, groups: [storage], zone: closet, power: rack, ipmi: { address: 10.0.20.120, user: admin, password: "pass:lab/nas-bmc" } }
  pi:   { address: 10.0.20.31, groups: [edge], zone: shed, power: shed, jump: vps2 }
  old:  { address: 10.0.20.40, groups: [edge], zone: shed, protected: true }     # never changed by SCRAP

ups:
  rack: { nut: rack, on: nas }      # the UPS \`rack\` of the NUT server on nas
  shed: { apcupsd: true, on: vps2 }

environments:
  production: { groups: [apps, storage, edge] }
  staging:    { hosts: [pi] }

sla:                                # words people think in; services refer to them
  mail:    { downtime: 3d/month, rpo: 1h, rto: 8h }
  chat:    { downtime: 1d/month, rpo: 15m, rto: 2h }
  relaxed: { downtime: 7d/month, rpo: 1d, rto: 3d, dataLoss: tolerable }

repositories:
  offsite: { restic: "sftp:backup@elsewhere:/srv/restic", password: "pass:lab/restic", appendOnly: true }
  drawer:  { cold: { label: DRAWER-2024, on: nas }, encrypt: age }

services:
  mail:
    home: vps1
    runs: { quadlet: mail.pod }                     # what it is on the host
    from: { playbook: ansible/mail.yml, tags: [mail] }   # how it is put there
    data: [ { zfs: tank/mail } ]
    version: { image: docker.io/example/mail, pin: 3.4.1, in: ansible/roles/mail/defaults/main.yml#mail_version }
    health:
      - { tcp: 25 }
      - { tcp: 993 }
      - { command: [doveadm, service, status], in: mail }
    sla: mail
    needs: { memory: 1G, raid: true, ups: true, ports: [25, 465, 993] }
    isolation: { level: container, routes: [dns, smtp-out] }
    hooks: { beforeSnapshot: [podman, exec, mail, quiesce], afterSnapshot: [podman, exec, mail, resume] }
    snapshots: { every: 1h, keep: { hourly: 24, daily: 14 } }
    backups: [ { to: offsite, every: 1d, keepWithin: 90d }, { to: drawer, every: 30d } ]
    replica: { on: vps2, every: 15m }
    failover: { policy: manual }
    releases: https://forge.example/mail/releases.atom

  chat:
    home: vps1
    runs: { compose: chat }                         # the project
    from: { compose: services/chat/compose.yaml, to: /srv/chat }
    data: [ { btrfs: /data/chat } ]
    health: [ { http: "http://127.0.0.1:8080/health" } ]
    sla: chat
    dependsOn: [mail]
    avoid: [mail]                                   # not on the same host when there is a choice

  photos:
    home: vps1
    runs: { quadlet: photos.container, user: alice }   # rootless
    from: { files: services/photos/ }
    data: [ { zfs: tank/photos } ]
    needs: { disk: 400G, device: /dev/dri }
    sla: relaxed

  feeds:
    home: vps1
    runs: { quadlet: feeds.container }
    sla: relaxed

  blog:
    home: pi
    runs: { unit: nginx.service }
    from: { playbook: ansible/blog.yml, tags: [blog] }
    health: [ { http: "https://blog.example/" } ]
    sla: relaxed
`;
