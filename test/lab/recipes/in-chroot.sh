#!/bin/sh -eu
# in-chroot.sh TREE RECIPE: runs RECIPE/build.sh inside TREE, where it finds its own folder as /mnt.
# Call it under `unshare --mount`: the mounts then vanish with it, however it ends.
tree=$1 recipe=$2
mount --make-rprivate /
mount -t proc proc "$tree/proc"
mount -t sysfs -o ro sysfs "$tree/sys"
mount --bind /dev "$tree/dev"
mount -t tmpfs tmpfs "$tree/run"
mount --bind "$recipe" "$tree/mnt"
[ ! -e "$tree/etc/resolv.conf" ] || rm -f "$tree/etc/resolv.conf"
cp -L /etc/resolv.conf "$tree/etc/resolv.conf"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin
chroot "$tree" /bin/sh -eu /mnt/build.sh
: > "$tree/etc/resolv.conf"
