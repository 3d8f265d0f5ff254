import type { IconName } from './icons';

/** A destination in a rail or a bottom bar. Only what is built is listed. */
export interface Destination {
  href: string;
  label: string;
  icon: IconName;
  /** How many there are; shown in the rail. */
  count?: number;
  /** They wait for the reader: said as such, and a dot in the phone's bar. */
  waiting?: boolean;
  /** The present place only on this very page, not below it. */
  exact?: boolean;
}
