/** Units that a Debian brings along, as one was recorded: name, active, sub, description. */
export const baseUnits: readonly (readonly [
  name: string,
  active: string,
  sub: string,
  description: string,
])[] = `
-.mount|active|mounted|Root Mount
dev-hugepages.mount|active|mounted|Huge Pages File System
dev-mqueue.mount|active|mounted|POSIX Message Queue File System
run-lock.mount|active|mounted|Legacy Locks Directory /run/lock
sys-kernel-debug.mount|active|mounted|Kernel Debug File System
sys-kernel-tracing.mount|active|mounted|Kernel Trace File System
tmp.mount|active|mounted|Temporary Directory /tmp
systemd-ask-password-console.path|active|waiting|Dispatch Password Requests to Console Directory Watch
systemd-ask-password-wall.path|active|waiting|Forward Password Requests to Wall Directory Watch
dbus.service|active|running|D-Bus System Message Bus
dpkg-db-backup.service|inactive|dead|Daily dpkg database backup service
emergency.service|inactive|dead|Emergency Shell
fstrim.service|inactive|dead|Discard unused blocks on filesystems from /etc/fstab
getty-static.service|inactive|dead|getty on tty2-tty6 if dbus and logind are not available
kmod-static-nodes.service|inactive|dead|Create List of Static Device Nodes
ldconfig.service|inactive|dead|Rebuild Dynamic Linker Cache
man-db.service|inactive|dead|Daily man-db regeneration
modprobe@configfs.service|inactive|dead|Load Kernel Module configfs
modprobe@fuse.service|inactive|dead|Load Kernel Module fuse
rescue.service|inactive|dead|Rescue Shell
ssh.service|active|running|OpenBSD Secure Shell server
systemd-binfmt.service|inactive|dead|Set Up Additional Binary Formats
systemd-fsck-root.service|inactive|dead|File System Check on Root Device
systemd-journal-flush.service|active|exited|Flush Journal to Persistent Storage
systemd-journald.service|active|running|Journal Service
systemd-logind.service|active|running|User Login Management
systemd-modules-load.service|active|exited|Load Kernel Modules
systemd-random-seed.service|inactive|dead|Load/Save OS Random Seed
systemd-remount-fs.service|active|exited|Remount Root and Kernel File Systems
systemd-sysctl.service|active|exited|Apply Kernel Variables
systemd-sysusers.service|inactive|dead|Create System Users
systemd-tmpfiles-clean.service|inactive|dead|Cleanup of Temporary Directories
systemd-tmpfiles-setup.service|active|exited|Create System Files and Directories
systemd-update-done.service|inactive|dead|Update is Completed
systemd-user-sessions.service|active|exited|Permit User Sessions
dbus.socket|active|running|D-Bus System Message Bus Socket
sshd-unix-local.socket|active|listening|OpenSSH Server Socket (systemd-ssh-generator, AF_UNIX Local)
syslog.socket|inactive|dead|Syslog Socket
systemd-initctl.socket|active|listening|initctl Compatibility Named Pipe
systemd-journald-dev-log.socket|active|running|Journal Socket (/dev/log)
systemd-journald.socket|active|running|Journal Sockets
dpkg-db-backup.timer|active|waiting|Daily dpkg database backup timer
fstrim.timer|inactive|dead|Discard unused filesystem blocks once a week
man-db.timer|active|waiting|Daily man-db regeneration
systemd-tmpfiles-clean.timer|active|waiting|Daily Cleanup of Temporary Directories
`
  .trim()
  .split("\n")
  .map((line) => line.split("|") as [string, string, string, string]);

/** Of a user's manager. */
export const userUnits: typeof baseUnits = [
  ["-.mount", "active", "mounted", "Root Mount"],
  ["dbus.service", "active", "running", "D-Bus User Message Bus"],
  ["dirmngr.service", "inactive", "dead", "GnuPG network certificate management daemon"],
  ["gpg-agent.service", "inactive", "dead", "GnuPG cryptographic agent and passphrase cache"],
  [
    "podman-user-wait-network-online.service",
    "active",
    "exited",
    "Wait for system level network-online.target as user.",
  ],
  ["dbus.socket", "active", "running", "D-Bus User Message Bus Socket"],
  ["gpg-agent.socket", "active", "listening", "GnuPG cryptographic agent and passphrase cache"],
];
