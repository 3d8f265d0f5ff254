/** The greeting of the hour, in the person's own zone. Pure. */

/** The text that greets at this instant. */
export function greetingId(now: number, zone: string): 'greeting-morning' | 'greeting-afternoon' | 'greeting-evening' {
  const hour = Number(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(now));
  if (hour >= 4 && hour < 12) return 'greeting-morning';
  return hour >= 12 && hour < 18 ? 'greeting-afternoon' : 'greeting-evening';
}
