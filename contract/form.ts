/** What a service is: `web` answers HTTP, a `worker` does not, and `stateless` answers HTTP and stores nothing. */
export const FORMS = ['web', 'worker', 'stateless'] as const;

export type Form = (typeof FORMS)[number];
