// Ends before it listens.
throw new Error('nothing works today');
