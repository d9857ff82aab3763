import type { RoomParts } from '../hub/room.ts';
import { endWatching } from './end-watching.ts';
import { ledgerWriter, whisperWriter } from './ledger.ts';
import { review, reviewJobs } from './review.ts';

export const supervisionRoom: RoomParts = {
  writers: [ledgerWriter, whisperWriter],
  reactions: [endWatching],
  jobWriters: [reviewJobs],
  jobs: { 'supervision:review': review },
};
