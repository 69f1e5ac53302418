/**
 * One class of Lambda's runtime interface client, written again without native code: the client's own has a library for Linux only. It
 * has to have the client's package and name, and is put before the client on the class path of a function's process, on other systems
 * only. The rest of the client is AWS's.
 */
@NullMarked
package com.amazonaws.services.lambda.runtime.api.client.runtimeapi;

import org.jspecify.annotations.NullMarked;
