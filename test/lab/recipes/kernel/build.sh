# A kernel and its ZFS module, for hosts that are machines of their own. Apart from the rest, for it takes minutes.
# ZFS is in contrib, and its module is built here, for the kernel that is installed here.
sed -i 's/ main$/ main contrib/' /etc/apt/sources.list
apt-get -q update

# A small initrd: it only has to find the root disk, and emulated CPUs unpack slowly.
mkdir -p /etc/initramfs-tools/conf.d
echo 'MODULES=list' > /etc/initramfs-tools/conf.d/lab
apt-get -q -y install initramfs-tools
printf 'virtio_pci\nvirtio_blk\next4\n' >> /etc/initramfs-tools/modules

apt-get -q -y install linux-image-amd64 linux-headers-amd64
apt-get -q -y install zfs-dkms
kernel=$(basename /lib/modules/*-amd64)
ls -l "/lib/modules/$kernel/updates/dkms/"

# The compiler and the sources are most of the tree. Purging zfs-dkms would take the module along.
mv "/lib/modules/$kernel/updates" /var/tmp/updates
apt-get -q -y purge zfs-dkms linux-headers-amd64 "linux-headers-$kernel"
apt-get -q -y autoremove --purge
rm -rf /usr/src/* /var/lib/dkms
mv /var/tmp/updates "/lib/modules/$kernel/updates"
depmod -a "$kernel"
apt-get clean
