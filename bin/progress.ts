/** How far this run is, for a signal that arrives meanwhile; and the signal, where it cannot be acted on at once. */
export const progress: { writing: boolean; applied: boolean; finished: boolean; signal?: 'SIGINT' | 'SIGTERM' } = {
  writing: false,
  applied: false,
  finished: false,
};
