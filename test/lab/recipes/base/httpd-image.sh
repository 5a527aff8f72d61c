# httpd-image.sh FILE: writes a container image as a tar: a static busybox, and a page to serve.
image=$(mktemp -d)
mkdir -p "$image/bin" "$image/www" "$image/tmp" "$image/etc"
cp /bin/busybox "$image/bin/busybox"
for applet in sh httpd nc wget sleep cat ls echo true; do ln -s busybox "$image/bin/$applet"; done
echo 'root:x:0:0:root:/:/bin/sh' > "$image/etc/passwd"
echo 'it works' > "$image/www/index.html"
echo 'ok' > "$image/www/health"
tar -C "$image" -cf "$1" .
rm -r "$image"
