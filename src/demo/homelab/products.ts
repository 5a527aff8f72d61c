import type { Port } from "../state-workloads.ts";

/** A version of what runs in the homelab, as its makers published it. */
export interface Release {
  readonly version: string;
  readonly daysAgo: number;
  readonly notes: string;
  /** The form in which it keeps its data; 1 unless it says otherwise. What is older is brought to it. */
  readonly form?: number;
  /** What it logs before it ends, which it does a few seconds after each start. */
  readonly lastWords?: readonly string[];
}

interface Product {
  readonly image: string;
  readonly speaks?: Port["speaks"];
  readonly releases: readonly Release[];
}

const release = (version: string, daysAgo: number, notes: string, more: Partial<Release> = {}): Release => ({
  version,
  daysAgo,
  notes,
  ...more,
});

/** What services run whose releases are announced, the newest first. */
export const products: Readonly<Record<string, Product>> = {
  web: {
    image: "docker.io/library/caddy",
    releases: [
      release("2.10.2", 9, "Fixes of HTTP/3"),
      release("2.10.1", 30, "Faster reloads"),
      release("2.10.0", 90, "Encrypted client hello"),
    ],
  },
  feeds: {
    image: "docker.io/miniflux/miniflux",
    releases: [release("2.2.8", 40, "Fixes of the reader view")],
  },
  chat: {
    image: "docker.io/ergochat/ergo",
    speaks: "tcp",
    releases: [
      release("2.17.0", 6, "Push notifications. The option fakelag is deprecated."),
      release("2.16.0", 120, "Metadata for users"),
    ],
  },
  recipes: {
    image: "ghcr.io/mealie-recipes/mealie",
    releases: [
      release("2.9.0", 3, "Households. The database is migrated, which cannot be undone.", {
        form: 2,
        lastWords: [
          "Mealie 2.9.0 starting",
          "migrating 1204 recipes to households",
          "sqlite3.OperationalError: duplicate column name: household_id",
          "exiting with status 1",
        ],
      }),
      release("2.8.1", 12, "Fixes of the shopping list"),
      release("2.8.0", 60, "Import by photo"),
    ],
  },
  cameras: {
    image: "ghcr.io/blakeblackshear/frigate",
    releases: [release("0.15.1", 70, "Fixes of the timeline")],
  },
  weather: {
    image: "docker.io/felddy/weewx",
    releases: [release("5.1.0", 100, "Reports in metric units")],
  },
  metrics: {
    image: "docker.io/victoriametrics/victoria-metrics",
    releases: [
      release("1.116.0", 20, "Faster queries over many series"),
      release("1.115.0", 45, "Less memory while it starts"),
    ],
  },
  status: {
    image: "docker.io/twinproduction/gatus",
    releases: [
      release("5.18.0", 15, "Announcements on the page"),
      release("5.17.0", 50, "Alerts by ntfy with priorities"),
    ],
  },
};

/** Undefined where the registries know no such image. */
export function releaseOf(image: string): Release | undefined {
  const [, name, version] = /^(.*):([^:/]+)$/.exec(image) ?? [];
  const product = Object.values(products).find((each) => each.image === name);
  return product?.releases.find((each) => each.version === version);
}

export const speaksOf = (image: string): Port["speaks"] =>
  Object.values(products).find((product) => image.startsWith(`${product.image}:`))?.speaks ?? "http";

/** As a forge announces them. */
export const wordFeed = ({ image, releases }: Product, now: Date): string => {
  const entries = releases.map(
    ({ version, daysAgo, notes }) => `  <entry>
    <title>v${version}</title>
    <updated>${new Date(now.getTime() - daysAgo * 86_400_000).toISOString()}</updated>
    <content>${notes}</content>
  </entry>
`,
  );
  const title = image.slice(image.lastIndexOf("/") + 1);
  return `<feed xmlns="http://www.w3.org/2005/Atom">\n  <title>Releases of ${title}</title>\n${entries.join("")}</feed>\n`;
};
