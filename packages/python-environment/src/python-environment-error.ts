/** Why there is no environment, and what to do: a machine without Python, network or space. */
export class PythonEnvironmentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PythonEnvironmentError";
  }
}
