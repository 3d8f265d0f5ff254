/** Practice recovery as screens see it. Types only. */
import type { KitSheet, Trouble } from './types';

/** What a paper's proof is made of: words that were asked for, typed from the page. */
export interface TypedWords {
  readonly words: readonly { readonly place: number; readonly word: string }[];
}

export interface PracticeRecovery {
  state(): Promise<RecoveryView>;
  // — owners —
  /** A new recovery paper, kept sealed on this device until it is proved. */
  makePaper(): Promise<UnprovedPaper>;
  unprovedPaper(): Promise<UnprovedPaper | null>;
  /** Then the practice learns its recipient. KitWrongWord | KitGone | ProofNeeded */
  provePaper(typed: TypedWords): Promise<void>;
  /** A plan with a new key, under the papers of all owners whose keys this device knows. NoPaperYet | plan-moved */
  setUp(): Promise<void>;
  switchOff(): Promise<void>;
  // — everybody —
  agree(): Promise<void>;                                 // PlanNotByKnown | PlanRolledBack
  takeBack(): Promise<void>;
  /** The keys were brought back and have no password or kit of their own yet. */
  returned(): boolean;
  // — bringing somebody back (owners) —
  cases(): Promise<CaseView[]>;
  /** With a paper's words, line or file. A link where that paper suffices; null where another owner has to confirm. */
  bringBack(input: BringBack): Promise<ReturnLink | null>;
  confirm(which: CaseView, paper: string): Promise<ReturnLink>;
  stop(which: string): Promise<void>;
  // — the person themself —
  mine(): Promise<CaseView[]>;
  stopMine(which: string): Promise<void>;
}

export interface UnprovedPaper {
  readonly sheet: KitSheet;
  /** Places (1-24) of the words that are asked for, ascending. */
  readonly asked: readonly number[];
}

export interface PlanView {
  readonly n: number;
  readonly madeAt: string;
  readonly byName: string;
  /** The owners whose papers it uses: with one, that paper alone suffices, else two together do. Names as the practice gives them. */
  readonly holders: readonly string[];
  /** An owner in it is none any more, has a newer paper, or there is a second owner now. */
  readonly stale: boolean;
  /** Why this device seals nothing to it, or null. */
  readonly refused: Trouble | null;
}

export interface RecoveryView {
  readonly plan: PlanView | null;
  /** older: to a plan that was made anew meanwhile. */
  readonly agreed: 'no' | 'older' | 'yes';
  /** An answer is wanted. */
  readonly asked: boolean;
  /** For owners; else []. */
  readonly owners: readonly OwnerView[];
  readonly count: { readonly agreed: number; readonly all: number } | null;
}

export interface OwnerView {
  readonly person: string;
  readonly name: string;
  readonly you: boolean;
  /** unknown: the keys of this owner are not known here, so their paper cannot be used. */
  readonly paper: 'none' | 'unknown' | 'here';
  /** The plan as it is now uses their paper. */
  readonly used: boolean;
}

export interface BringBack {
  readonly person: string;
  readonly reason: string;
  readonly paper: string;
}

export interface CaseView {
  readonly which: string;
  readonly person: string;
  readonly name: string;
  readonly reason: string;
  readonly by: string;
  readonly byName: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly state: 'asked' | 'opened' | 'finished' | 'stopped' | 'expired';
  readonly endedAt: string | null;
  readonly endedBy: string | null;
  /** This person asked. */
  readonly mine: boolean;
  /** This person may confirm it, now. */
  readonly openToMe: boolean;
  /** One paper suffices. */
  readonly sole: boolean;
}

export interface ReturnLink {
  readonly link: string;
  readonly expiresAt: string;
}
