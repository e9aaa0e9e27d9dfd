import { printable, UserError } from '../errors.ts';
import { SERVICE_STATES, type ServiceState } from './audit.ts';
import type { ComparedFinding, EarlierAudit, EarlierService } from './trend.ts';

/**
 * Reads what `audit --format json` wrote earlier. The file is not trusted.
 * @param file its name, for messages
 * @throws {UserError} INPUT_INVALID if it is something else
 */
export function parseEarlierAudit(text: string, file: string): EarlierAudit {
  const refuse = (reason: string, cause?: unknown) =>
    new UserError(
      'INPUT_INVALID',
      `--since ${printable(file)} ${reason}`,
      'Name a file that "npx create-twelve-service audit --format json" of this version wrote.',
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse('is not JSON', error);
  }
  const { schema, command, date, services } = record(value);
  if (command !== undefined) throw refuse(`is of another command: ${printable(String(command))}`);
  if (typeof schema === 'number' && schema !== 1) throw refuse(`has schema ${schema}, and this program reads 1`);
  if (schema !== 1 || typeof date !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(date) || !Array.isArray(services))
    throw refuse('is not an audit: it must have schema, date and services');
  return {
    date,
    services: services.map((one: unknown, at): EarlierService => {
      const { folder, name, state, findings } = record(one);
      const isService =
        typeof folder === 'string' &&
        typeof name === 'string' &&
        SERVICE_STATES.includes(state as ServiceState) &&
        Array.isArray(findings) &&
        findings.every(isFinding);
      if (!isService) throw refuse(`is not an audit: service ${at + 1} must have folder, name, state and findings`);
      return { folder, name, state: state as ServiceState, findings };
    }),
  };
}

function isFinding(value: unknown): value is ComparedFinding {
  const { rule, message, path } = record(value);
  return typeof rule === 'string' && typeof message === 'string' && (path === undefined || typeof path === 'string');
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
