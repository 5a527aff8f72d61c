/** What the owner of the simulated homelab wrote down, in `folder`. How the hosts are reached comes in front of it. */
export const wordInventory = (folder: string): string => `
ups:
  rack: { nut: rack, on: nas }
  shed: { nut: shed, on: barn }

environments:
  production: { groups: [apps, storage, edge] }

sla:
  household: { downtime: 4h/month, rpo: 1h, rto: 2h }
  mail: { downtime: 1d/month, rpo: 1h, rto: 8h }
  relaxed: { downtime: 7d/month, rpo: 1d, rto: 3d, dataLoss: tolerable }

repositories:
  offsite: { restic: "sftp:backup@elsewhere:/srv/restic", password: "file:${folder}/offsite.password", appendOnly: true }

services:
  dns: { home: gate, runs: { unit: unbound.service }, health: [{ tcp: 53 }], sla: household }
  vpn: { home: gate, runs: { unit: wg-quick@wg0.service }, sla: mail }
  time: { home: gate, runs: { unit: chrony.service }, sla: relaxed }

  files:
    home: nas
    runs: { unit: smbd.service }
    health: [{ tcp: 445 }]
    data: [{ zfs: tank/documents }]
    needs: { raid: true, ups: true }
    sla: household
    backups: [{ to: offsite, every: 30m, keepWithin: 90d }]
  recipes:
    home: nas
    runs: { quadlet: recipes.container }
    from: { files: recipes }
    releases: "file://${folder}/releases/recipes.atom"
    health: [{ http: "http://127.0.0.1:9925/api/app/about" }]
    data: [{ zfs: tank/recipes }]
    sla: relaxed
    backups: [{ to: offsite, every: 30m, keepWithin: 90d }]
  shares: { home: nas, runs: { unit: nfs-server.service }, health: [{ tcp: 2049 }], data: [{ zfs: tank/media }], sla: mail }
  backups: { home: nas, runs: { unit: rest-server.service }, health: [{ http: "http://127.0.0.1:8000/" }], data: [{ zfs: tank/backups }], sla: mail }

  cloud: { home: cube, runs: { compose: cloud }, health: [{ http: "http://127.0.0.1:8080/status.php" }, { command: [pg_isready], in: cloud-db-1 }], data: [{ path: /srv/cloud }], sla: household, needs: { memory: 2G, raid: true } }
  forge: { home: cube, runs: { compose: forge }, health: [{ http: "http://127.0.0.1:3000/api/healthz" }, { tcp: 2222 }], data: [{ path: /srv/forge }], sla: mail }
  photos: { home: cube, runs: { compose: photos }, health: [{ http: "http://127.0.0.1:2283/api/server/ping" }], data: [{ path: /srv/photos }, { zfs: tank/photos, on: nas }], dependsOn: [shares], sla: mail }
  papers: { home: cube, runs: { compose: papers }, health: [{ http: "http://127.0.0.1:8010/" }], data: [{ path: /srv/papers }], sla: mail }
  media: { home: cube, runs: { container: media }, health: [{ http: "http://127.0.0.1:8096/health" }], data: [{ zfs: tank/media, on: nas }], dependsOn: [shares], sla: relaxed }

  mail:
    home: pine
    runs: { quadlet: mail.pod }
    health: [{ tcp: 25 }, { tcp: 993 }]
    data: [{ volume: mail-spool }]
    needs: { memory: 1G, ups: true, ports: [25, 993] }
    sla: mail
    backups: [{ to: offsite, every: 30m, keepWithin: 90d }]
  web: { home: pine, runs: { quadlet: web.container }, from: { files: web }, releases: "file://${folder}/releases/web.atom", health: [{ http: "http://127.0.0.1:8081/" }], sla: relaxed }
  feeds: { home: pine, runs: { quadlet: feeds.container }, from: { files: feeds }, releases: "file://${folder}/releases/feeds.atom", health: [{ http: "http://127.0.0.1:8083/healthcheck" }], sla: relaxed }
  chat: { home: pine, runs: { quadlet: chat.container }, from: { files: chat }, releases: "file://${folder}/releases/chat.atom", health: [{ tcp: 6697 }], sla: relaxed, avoid: [mail] }
  notes: { home: pine, runs: { quadlet: notes.container, user: alice }, health: [{ http: "http://127.0.0.1:8084/" }], sla: relaxed }

  sync: { home: barn, runs: { unit: syncthing@ops.service }, health: [{ http: "http://127.0.0.1:8384/rest/noauth/health" }], data: [{ btrfs: /srv/copies }], sla: relaxed }
  cameras: { home: barn, runs: { quadlet: cameras.container }, from: { files: cameras }, releases: "file://${folder}/releases/cameras.atom", health: [{ http: "http://127.0.0.1:5000/api/version" }], sla: mail }
  weather: { home: barn, runs: { quadlet: weather.container }, from: { files: weather }, releases: "file://${folder}/releases/weather.atom", health: [{ http: "http://127.0.0.1:8085/" }], sla: relaxed }

  home: { home: pi, runs: { container: home }, health: [{ http: "http://127.0.0.1:8123/" }], dependsOn: [mqtt], sla: household }
  zigbee: { home: pi, runs: { container: zigbee }, health: [{ http: "http://127.0.0.1:8086/" }], dependsOn: [mqtt], sla: household }
  mqtt: { home: pi, runs: { unit: mosquitto.service }, health: [{ tcp: 1883 }], sla: household }

  proxy: { home: vps1, runs: { unit: caddy.service }, health: [{ http: "http://127.0.0.1/" }, { tcp: 443 }], sla: household }
  mesh: { home: vps1, runs: { unit: headscale.service }, health: [{ http: "http://127.0.0.1:8087/health" }], sla: mail }
  matrix: { home: vps1, runs: { compose: matrix }, health: [{ http: "http://127.0.0.1:8008/health" }], data: [{ path: /srv/matrix }], sla: mail }
  relay: { home: vps2, runs: { unit: postfix@-.service }, health: [{ tcp: 25 }], sla: mail }
  status: { home: vps2, runs: { quadlet: status.container }, from: { files: status }, releases: "file://${folder}/releases/status.atom", health: [{ http: "http://127.0.0.1:8090/health" }], sla: relaxed }
  metrics: { home: vps2, runs: { quadlet: metrics.container }, from: { files: metrics }, releases: "file://${folder}/releases/metrics.atom", health: [{ http: "http://127.0.0.1:8428/health" }], sla: relaxed }
`;

/** Where each host stands, and what it hangs on. */
export const placesOfHosts: Readonly<Record<string, string>> = {
  gate: "groups: [edge], zone: closet, power: rack, protected: true",
  nas: "groups: [storage], zone: closet, power: rack",
  cube: "groups: [apps], zone: closet, power: rack",
  pine: "groups: [apps], zone: closet, power: rack",
  barn: "groups: [storage], zone: shed, power: shed",
  pi: "groups: [edge], zone: shed, power: shed",
  vps1: "groups: [apps], zone: vps",
  vps2: "groups: [apps], zone: vps",
};
