import { parseFiles } from "../../command/answers.ts";
import { parseNumber } from "../parse.ts";
import { defineProbe, type Probe } from "../probe.ts";

/** A place where a temperature can be read, in thousandths of a degree. */
export interface Sensor {
  readonly path: string;
  readonly label: string;
  /** Above this the hardware is in danger. */
  readonly criticalCelsius?: number;
}

const absurdCelsius = 150;

/**
 * Which sensors there are, without reading any: the driver `drivetemp` keeps some disks from going to sleep.
 * SMART tells the temperature of disks.
 */
export const sensors = defineProbe<readonly Sensor[]>({
  id: "host.sensors",
  question: {
    files: [
      "/sys/class/hwmon/hwmon*/name",
      "/sys/class/hwmon/hwmon*/temp*_label",
      "/sys/class/hwmon/hwmon*/temp*_crit",
      "/sys/class/thermal/thermal_zone*/type",
    ],
    lines: 1,
  },
  freshMs: 3_600_000,
  sees: "temperature sensors",
  parse: ({ stdout }) => toSensors(parseFiles(stdout)),
});

function toSensors(files: ReadonlyMap<string, string>): Sensor[] {
  const chips = [...files].flatMap(([path, name]) => {
    const folder = /^(.*\/hwmon\d+)\/name$/.exec(path)?.[1];
    return folder && name.trim() !== "drivetemp" ? [{ folder, name: name.trim() }] : [];
  });
  const inputs = chips.flatMap(({ folder, name }) => {
    const numbers = [...files.keys()].flatMap((path) =>
      path.startsWith(`${folder}/temp`) ? (/temp(\d+)_(?:label|crit)$/.exec(path)?.[1] ?? []) : [],
    );
    // A chip without labels mostly has one sensor.
    return [...new Set(numbers.length === 0 ? ["1"] : numbers)].map((number) => {
      const label = files.get(`${folder}/temp${number}_label`)?.trim();
      const critical = toCelsius(files.get(`${folder}/temp${number}_crit`));
      return {
        path: `${folder}/temp${number}_input`,
        label: label ? `${name} ${label}` : name,
        ...(critical === undefined || critical <= 0 ? {} : { criticalCelsius: critical }),
      };
    });
  });
  if (inputs.length > 0) return inputs;
  return [...files].flatMap(([path, type]) => {
    const folder = /^(.*\/thermal_zone\d+)\/type$/.exec(path)?.[1];
    return folder ? [{ path: `${folder}/temp`, label: type.trim() }] : [];
  });
}

/** What the sensors say, in degrees Celsius by path. One that says nonsense is left out. */
export const temperatures = (of: readonly Sensor[]): Probe<Readonly<Record<string, number>>> =>
  defineProbe({
    id: "host.temperatures",
    question: { files: of.map(({ path }) => path), lines: 1 },
    freshMs: 15_000,
    sees: "temperatures",
    parse: ({ stdout }) =>
      Object.fromEntries(
        [...parseFiles(stdout)].flatMap(([path, text]) => {
          const celsius = toCelsius(text);
          return celsius === undefined ? [] : [[path, celsius]];
        }),
      ),
  });

function toCelsius(text: string | undefined): number | undefined {
  const thousandths = parseNumber(text);
  if (thousandths === undefined) return undefined;
  const celsius = Math.round(thousandths / 100) / 10;
  return Math.abs(celsius) < absurdCelsius ? celsius : undefined;
}
