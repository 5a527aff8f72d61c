# Runs once, over ssh, on the first boot of this host.
disk=/dev/disk/by-id/virtio-LAB

zpool create -f -o ashift=12 tank mirror $disk-TANK-A $disk-TANK-B
zfs create tank/mail
zfs create -o compression=off tank/photos
dd if=/dev/urandom of=/tank/photos/album bs=1M count=60 status=none
echo 'a message' > /tank/mail/first
zfs snapshot tank/mail@monday
zpool scrub -w tank

mdadm --create /dev/md0 --run --metadata=1.2 --uuid=5c4ab1ab:00000000:00000000:00000001 --level=1 --raid-devices=2 $disk-MD-A $disk-MD-B
mkfs.ext4 -q /dev/md0
mdadm --wait /dev/md0 || true

sata=/dev/disk/by-id/ata-LabDisk_500_LAB-SATA
pvcreate -q $sata
vgcreate -q vg0 $sata
lvcreate -q -y -L 200M -n svc vg0
mkfs.ext4 -q /dev/vg0/svc

mkfs.ext4 -q /dev/nvme0n1

cat >> /etc/fstab <<'EOF'
/dev/md0      /srv/md   ext4  nofail  0 2
/dev/vg0/svc  /srv/lvm  ext4  nofail  0 2
/dev/nvme0n1  /fast     ext4  nofail  0 2
EOF
mkdir -p /srv/md /srv/lvm /fast
systemctl daemon-reload
mount -a
date > /srv/md/made
