/**
 * Kernels as code that can be run where they are made, or sent. In: a kernel. Out: the body of a function in
 * JavaScript.
 * The functions in it are the very text that modules and predictors carry, so that all of them give the same bits.
 */
import type { KernelCode } from "../../runtime/kernel.ts";
import type { Kernel } from "../loops/kernel.ts";
import { KernelText, stages } from "./kernel_text.ts";
import { asJavaScript } from "./typed.ts";

/** Returns the kernel's stages. Names are escaped, and nothing of a specification stands in it as code. */
export function javascriptCode(kernel: Kernel): KernelCode {
  const text = new KernelText();
  const name = text.add(kernel, stages(kernel));
  return { target: "javascript", text: asJavaScript(`${text.text()}\nreturn ${name};`) };
}
