/** The ids of the contract's rules. The core does not import the rules themselves. */
export const RULE_IDS: readonly string[] = (
  'I-1 II-1 II-2 III-1 III-2 III-3 III-4 III-5 III-6 IV-1 IV-2 V-1 V-2 V-3 VI-1 VI-2 VI-3 VI-4 VI-5 VII-1 VII-2 VIII-1 IX-1 IX-2 IX-3 IX-4 IX-5 ' +
  'IX-6 IX-7 IX-8 IX-9 IX-10 X-1 X-2 XI-1 XI-2 XI-3 XI-4 XII-1 XII-2 XII-3 H-1 H-2 H-3 H-4 H-5 H-6 S-1 S-2 S-3'
).split(' ');
