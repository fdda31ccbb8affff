/** One line of the doctor. */
export interface Check {
  readonly title: string;
  readonly state: "good" | "bad" | "optional";
  /** What was found. */
  readonly found: string;
  /** What a person does when it is not good. */
  readonly fix?: string;
}
