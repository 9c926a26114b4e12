import { testShare } from './worlds.ts';

testShare(2);
