# Runs once, over ssh, on the first boot of this host.
cd /
mkdir -p /var/lib/ledger /var/lib/poller

podman import -q --change 'STOPSIGNAL SIGKILL' /opt/lab/httpd.tar localhost/httpd:1
podman create --name feeds -p 8083:80 localhost/httpd:1 httpd -f -p 80 -h /www
cd /etc/systemd/system
podman generate systemd --new --files --name feeds
cd /
podman rm feeds
systemctl daemon-reload
systemctl enable --now container-feeds.service

docker import /opt/lab/httpd.tar httpd:1
docker run -d --stop-signal SIGKILL --name notes --restart unless-stopped -p 8084:80 httpd:1 httpd -f -p 80 -h /www
