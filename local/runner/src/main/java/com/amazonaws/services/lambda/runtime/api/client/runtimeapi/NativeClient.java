package com.amazonaws.services.lambda.runtime.api.client.runtimeapi;

import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.dto.InvocationRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The two calls that the runtime client makes natively: take an event, post an answer. One thread calls. */
final class NativeClient {
    private static String invocations = "";

    private NativeClient() {}

    /** Called once, first. */
    static void init(String runtimeApi) {
        invocations = "http://" + runtimeApi + "/2018-06-01/runtime/invocation/";
    }

    /** Waits for as long as there is none: no read timeout. */
    static InvocationRequest next() {
        try {
            HttpURLConnection connection = connect("next");
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("the Runtime API answered next with " + status);
            }
            InvocationRequest request = new InvocationRequest();
            request.setId(connection.getHeaderField("Lambda-Runtime-Aws-Request-Id"));
            request.setXrayTraceId(connection.getHeaderField("Lambda-Runtime-Trace-Id"));
            request.setInvokedFunctionArn(connection.getHeaderField("Lambda-Runtime-Invoked-Function-Arn"));
            request.setDeadlineTimeInMs(connection.getHeaderFieldLong("Lambda-Runtime-Deadline-Ms", 0));
            request.setClientContext(connection.getHeaderField("Lambda-Runtime-Client-Context"));
            request.setCognitoIdentity(connection.getHeaderField("Lambda-Runtime-Cognito-Identity"));
            try (InputStream body = connection.getInputStream()) {
                request.setContent(body.readAllBytes());
            }
            return request;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void postInvocationResponse(byte[] requestId, byte[] response) {
        try {
            HttpURLConnection connection = connect(new String(requestId, StandardCharsets.UTF_8) + "/response");
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(response.length);
            try (OutputStream body = connection.getOutputStream()) {
                body.write(response);
            }
            // A refused answer (too large) is known on the other side; the native client goes on likewise.
            connection.getResponseCode();
            connection.disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpURLConnection connect(String path) throws IOException {
        return (HttpURLConnection) URI.create(invocations + path).toURL().openConnection();
    }
}
