const date = / at \d{4}-\d\d-\d\d \d\d:\d\d UTC\b/g;
const url = /(^|; )https?:\/\/\S+?(:?) /g;

/** For the cell of a table: the cause before it is cut. The date and the URL are told where there is room for all of it. */
export const inShort = (message: string): string =>
  message.replaceAll(date, "").replaceAll(url, "$1its URL$2 ");
