/** What the tab remembers; where it may remember nothing, it asks again. */
export const memory = {
  read: (name: string): string | null => {
    try {
      return sessionStorage.getItem(name);
    } catch {
      return null;
    }
  },
  keep: (name: string, value: string): void => {
    try {
      sessionStorage.setItem(name, value);
    } catch {
      // It may remember nothing.
    }
  },
};
