/** The programs that download this one and start it. */
const CLIENTS = ['npm', 'pnpm', 'yarn', 'bun'] as const;

export type Client = (typeof CLIENTS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/** How each makes a service. npm alone wants "--" before our options, and keeps it for itself. */
const CREATE: Readonly<Record<Client, string>> = {
  npm: 'npm create twelve-service@latest --',
  pnpm: 'pnpm create twelve-service@latest',
  // Yarn 1 looks for a program that is called `create-twelve-service@latest`.
  yarn: 'yarn create twelve-service',
  bun: 'bun create twelve-service@latest',
};

/** Which of them started this run. Nothing if none did, as for an installed program. */
export function clientOf({ npm_config_user_agent: agent }: Environment): Client | undefined {
  return CLIENTS.find((client) => agent?.startsWith(`${client}/`));
}

/** The command that makes a service with the client in use, up to the name of the service; npm's if there is none. */
export function createCommand(env: Environment): string {
  return CREATE[clientOf(env) ?? 'npm'];
}

/** Whether npm read the command line first: it keeps options for itself that stand before a "--". */
export function isThroughNpm(env: Environment): boolean {
  return ['exec', 'init'].includes(env.npm_command ?? '') && [undefined, 'npm'].includes(clientOf(env));
}
