/** Files that podman's generator makes units of, as podman-systemd.unit(5) says. */
export const isQuadlet = (file: string): boolean =>
  /^[^/]+\.(?:container|pod|kube|network|volume|image|build)$/.test(file);

/** The unit that is made of a quadlet. */
export function unitOfQuadlet(file: string): string {
  const [, stem = file, extension = "container"] = /^(.*)\.(\w+)$/.exec(file) ?? [];
  return extension === "container" || extension === "kube"
    ? `${stem}.service`
    : `${stem}-${extension}.service`;
}

/** The values of a setting in a file of systemd's kind, without what systemd would put in for `%`. */
const valuesOf = (setting: string, text: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\\s*${setting}\\s*=[ \\t]*(\\S+)\\s*$`, "gm"))].flatMap(([, value = ""]) =>
    /[%$]/.test(value) ? [] : [value],
  );

/** The images of a quadlet, without those that other quadlets fetch or build. */
export const imagesOfQuadlet = (text: string): readonly string[] =>
  valuesOf("Image", text).filter((image) => !/\.(?:image|build)$/.test(image));

/** The images that a YAML file names, as Compose and Kubernetes write them: without those that have a variable in them. */
export const imagesInYaml = (text: string): readonly string[] =>
  [...text.matchAll(/^[ \t-]*image:[ \t]*["']?([^\s"'#]+)["']?[ \t]*(?:#.*)?$/gm)].flatMap(
    ([, image = ""]) => (image.includes("$") ? [] : [image]),
  );
