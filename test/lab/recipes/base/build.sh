# Common to every systemd host. Runs inside a fresh minbase tree (see in-chroot.sh).

# Packages must not start their daemons in a chroot.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d

cat > /etc/dpkg/dpkg.cfg.d/lean <<'EOF'
path-exclude=/usr/share/doc/*
path-exclude=/usr/share/man/*
path-exclude=/usr/share/info/*
path-exclude=/usr/share/locale/*
EOF
cat > /etc/apt/apt.conf.d/lean <<'EOF'
APT::Install-Recommends "false";
Acquire::Languages "none";
Acquire::GzipIndexes "true";
DPkg::Options { "--force-unsafe-io"; };
EOF

apt-get -q update
apt-get -q -y install systemd systemd-sysv dbus dbus-user-session libpam-systemd udev \
  openssh-server iproute2 iputils-ping sudo opendoas procps kmod curl jq less \
  python3-minimal busybox-static fish

# uid 1000 to 1006, in this order: ssh-access.ts relies on it.
for user in ops pw guest fishy alice doas dpw; do
  useradd --create-home --shell /bin/bash "$user"
done
usermod --shell /usr/bin/fish fishy
printf '%s\n' pw:lab-pass dpw:lab-pass | chpasswd
cat > /etc/sudoers.d/lab <<'EOF'
ops   ALL=(ALL:ALL) NOPASSWD: ALL
fishy ALL=(ALL:ALL) NOPASSWD: ALL
pw    ALL=(ALL:ALL) ALL
EOF
chmod 440 /etc/sudoers.d/lab
cat > /etc/doas.conf <<'EOF'
permit nopass doas
permit persist dpw
EOF
chmod 400 /etc/doas.conf
mkdir -p /var/lib/systemd/linger
touch /var/lib/systemd/linger/alice

# What cannot work in a container, and what would reach for the network on its own.
systemctl mask apt-daily.timer apt-daily-upgrade.timer podman-auto-update.timer e2scrub_all.timer e2scrub_reap.service \
  console-getty.service getty@tty1.service systemd-networkd-wait-online.service \
  systemd-pcrphase.service systemd-pcrphase-sysinit.service

install -m 644 /mnt/backup.service /mnt/backup.timer /etc/systemd/system/
systemctl enable backup.timer ssh.service

mkdir -p /opt/lab
sh -eu /mnt/httpd-image.sh /opt/lab/httpd.tar

rm -f /etc/ssh/ssh_host_*_key*
mkdir -p /var/log/journal
apt-get clean
