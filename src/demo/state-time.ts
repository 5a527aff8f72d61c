/** When something happened: milliseconds since the demo began, negative for before. */
export type Moment = number;

/** The time that passes in a demo. Tests bring their own. */
export type Clock = () => Moment;
