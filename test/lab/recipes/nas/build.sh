apt-get -q -y install nut-server nut-client restic borgbackup smartmontools btrfs-progs openssh-client openssh-sftp-server
cp -a --no-preserve=ownership /mnt/files/. /
chown root:nut /etc/nut/*
chmod 640 /etc/nut/*
chmod 600 /etc/restic/password
useradd --create-home --shell /bin/sh backup-in
systemctl mask nut-monitor.service smartmontools.service
