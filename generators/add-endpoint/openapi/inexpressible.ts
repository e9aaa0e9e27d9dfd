/** What no endpoint can do, and why. The message follows the name of the operation. */
export class Inexpressible extends Error {}
