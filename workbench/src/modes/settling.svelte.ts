/** The verdict that is being written. */

class Settling {
  code = $state("");
  rating: number | null = $state(null);
  reason = $state("");

  clear(): void {
    this.code = "";
    this.rating = null;
    this.reason = "";
  }
}

export const settling = new Settling();
