# Builds the tree of the pi inside a Debian one: a BusyBox userland, sshd with the libraries it needs, nothing else.
pi=/pi
mkdir -p $pi/bin $pi/dev $pi/etc/ssh $pi/home/ops $pi/lib $pi/lib64 $pi/proc $pi/root $pi/run/sshd $pi/sbin $pi/sys \
  $pi/tmp $pi/usr/bin $pi/usr/lib/openssh $pi/usr/sbin $pi/var/log $pi/var/run $pi/var/www
chmod 700 $pi/root
chmod 1777 $pi/tmp

cp /bin/busybox $pi/bin/busybox
chroot $pi /bin/busybox --install -s

with_libraries() {
  for file in "$@"; do
    mkdir -p "$pi/$(dirname "$file")"
    cp -L "$file" "$pi/$file"
    ldd "$file" | grep -o '/[^ ]*' | while read -r library; do
      mkdir -p "$pi/$(dirname "$library")"
      cp -Lu "$library" "$pi/$library"
    done
  done
}
with_libraries /usr/sbin/sshd /usr/lib/openssh/sftp-server
with_libraries /lib/x86_64-linux-gnu/libnss_files.so.2

with_libraries /usr/bin/doas /lib/x86_64-linux-gnu/security/pam_permit.so
chmod 4755 $pi/usr/bin/doas

cp -a /mnt/files/. $pi/
cp /etc/os-release $pi/etc/os-release
chown -R 0:0 $pi/etc
chmod 400 $pi/etc/doas.conf
chown 1000:1000 $pi/home/ops
chmod 755 $pi/etc/init.d/rcS
