# Runs once, over ssh, on the first boot of this host.
cd /
mkfs.btrfs -q -f -L srv -d raid1 -m raid1 @srv-a@ @srv-b@
systemctl daemon-reload
systemctl enable --now srv.mount
btrfs subvolume create /srv/photos
btrfs subvolume create /srv/restic
mkdir /srv/restic/vps1
dd if=/dev/urandom of=/srv/photos/album bs=1M count=40 status=none
chown backup-in:backup-in /srv/restic/vps1
export RESTIC_REPOSITORY=/srv/restic/nas RESTIC_PASSWORD_FILE=/etc/restic/password
restic -q init
restic -q backup /etc
btrfs filesystem sync /srv
