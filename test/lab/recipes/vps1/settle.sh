# Runs once, over ssh, on the first boot of this host.
cd /
mkfs.btrfs -q -f -L data -d raid1 -m raid1 @data-a@ @data-b@
mkfs.ext4 -q -N 512 -L small @small@
systemctl daemon-reload
systemctl enable --now data.mount var-lib-small.mount
mkdir -p /data/chat
btrfs subvolume create /data/mail
echo 'a message' > /data/chat/first

podman import -q --change 'STOPSIGNAL SIGKILL' /opt/lab/httpd.tar localhost/httpd:1
docker import /opt/lab/httpd.tar httpd:1
cp /opt/lab/httpd.tar /tmp/httpd.tar
chmod 644 /tmp/httpd.tar
sudo -u alice XDG_RUNTIME_DIR=/run/user/1004 podman import -q --change 'STOPSIGNAL SIGKILL' /tmp/httpd.tar localhost/httpd:1
rm /tmp/httpd.tar

systemctl daemon-reload
systemctl restart web.service mail-pod.service
docker-compose -f /srv/chat/compose.yaml up -d
systemctl --user --machine=alice@ daemon-reload
systemctl --user --machine=alice@ restart photos.service
