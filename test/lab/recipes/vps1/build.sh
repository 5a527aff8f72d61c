apt-get -q -y install podman crun netavark aardvark-dns uidmap catatonit passt nftables iptables fuse-overlayfs \
  docker.io docker-cli docker-compose btrfs-progs e2fsprogs restic borgbackup openssh-client
cp -a --no-preserve=ownership /mnt/files/. /
mkdir -p /data /var/lib/small
chown -R alice:alice /home/alice
