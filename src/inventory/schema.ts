import * as z from "zod/mini";
import { repositoriesSchema, slaSchema } from "./schema-copies.ts";
import {
  defaultsSchema,
  environmentsSchema,
  groupsSchema,
  hostsSchema,
  includeSchema,
  upsSchema,
} from "./schema-hosts.ts";
import { servicesSchema } from "./schema-services.ts";
import { fields, may, must } from "./schema-shapes.ts";

/** The whole file. Unknown fields are errors. */
export const inventorySchema = fields({
  version: must(z.literal(1, { error: "1" }), "The version of this format"),
  defaults: may(defaultsSchema, "For each host that does not say otherwise"),
  include: may(includeSchema, "Further hosts, from files of other tools"),
  hosts: may(hostsSchema, "The machines, by name. A name is enough: `nas: {}`"),
  groups: may(groupsSchema, "Groups and their hosts, beside those that hosts name themselves"),
  ups: may(upsSchema, "The UPSes, and who knows how they are"),
  environments: may(environmentsSchema, "Such as production and staging"),
  sla: may(slaSchema, "Classes of what people can live with"),
  repositories: may(repositoriesSchema, "Where backups go"),
  services: may(servicesSchema, "What people depend on"),
});

export type InventoryFields = z.output<typeof inventorySchema>;
