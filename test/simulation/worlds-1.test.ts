import { testShare } from './worlds.ts';

testShare(1);
