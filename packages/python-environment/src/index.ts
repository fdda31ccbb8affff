export type { FinishedProcess } from "./run-process.ts";
export { runProcess } from "./run-process.ts";
export type { PythonEnvironment, PythonEnvironmentOptions } from "./prepare-python-environment.ts";
export { findPythonEnvironment, preparePythonEnvironment } from "./prepare-python-environment.ts";
export { PythonEnvironmentError } from "./python-environment-error.ts";
