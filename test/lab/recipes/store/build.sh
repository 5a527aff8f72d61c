apt-get -q -y install zfsutils-linux mdadm lvm2 smartmontools nvme-cli e2fsprogs
cp -a --no-preserve=ownership /mnt/files/. /
systemctl enable systemd-networkd.service smartmontools.service
systemctl mask serial-getty@ttyS0.service

# Known before the array exists (settle.sh makes it with this UUID), so that the initrd gives it its name.
cat > /etc/mdadm/mdadm.conf <<'EOF'
HOMEHOST <system>
MAILADDR root
ARRAY /dev/md0 metadata=1.2 UUID=5c4ab1ab:00000000:00000000:00000001
EOF
update-initramfs -u
apt-get clean
