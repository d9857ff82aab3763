import { expect, test } from 'vitest';
import type { CustomerLine } from '../../../shared/contract/customer.ts';
import { transcriptText } from '../../../widget/chat/transcript.ts';

const at = new Date(2026, 10, 20, 14, 5).getTime();

test('a transcript holds what the customer sees, in order, a line each', () => {
  const lines: CustomerLine[] = [
    { id: '1', position: 1, at, from: 'customer', name: 'Rosa Diaz', text: 'Please help.' },
    { id: '2', position: 2, at, from: 'notice', notice: 'serving', name: 'Priya Raman', helps: '' },
    { id: '3', position: 3, at, from: 'agent', name: 'Priya Raman', text: 'Two things:\none\r\ntwo' },
    { id: '4', position: 4, at, from: 'notice', notice: 'joined', name: 'Ines Okafor', helps: 'Priya Raman' },
    { id: '5', position: 5, at, from: 'supervisor', name: 'Ines Okafor', text: 'Done.' },
    { id: '6', position: 6, at, from: 'notice', notice: 'closed', name: '', helps: '' },
  ];
  expect(transcriptText('Northlight', lines, at).split('\n').slice(3)).toEqual([
    '',
    '14:05  Rosa Diaz: Please help.',
    '14:05  -- Priya Raman is helping you',
    '14:05  Priya Raman: Two things:',
    '       one',
    '       two',
    '14:05  -- Ines Okafor joined. Supervisor of Priya. Both can read and write here.',
    '14:05  Ines Okafor (Supervisor): Done.',
    '14:05  -- This chat has ended',
    '',
  ]);
});
