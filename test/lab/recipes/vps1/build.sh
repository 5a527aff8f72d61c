apt-get -q -y install podman crun netavark aardvark-dns uidmap catatonit passt nftables iptables fuse-overlayfs \
  docker.io docker-cli docker-compose docker-registry btrfs-progs e2fsprogs restic borgbackup openssh-client
cp -a --no-preserve=ownership /mnt/files/. /
systemctl disable docker-registry
mkdir -p /data /var/lib/small
chown -R alice:alice /home/alice
