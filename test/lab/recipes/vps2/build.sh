apt-get -q -y install podman crun netavark aardvark-dns uidmap catatonit iptables docker.io restic borgbackup openssh-client
cp -a --no-preserve=ownership /mnt/files/. /
systemctl enable ledger.service poller.service
# At each boot it would look for what containers run while they are only just made, and at times fail over that.
systemctl disable podman-auto-update.service
