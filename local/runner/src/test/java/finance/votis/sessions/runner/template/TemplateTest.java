package finance.votis.sessions.runner.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static final Map<String, String> PSEUDO = Map.of("AWS::Region", "eu-central-1", "AWS::AccountId", "1");
    private static final References NAMES = (id, attribute) -> Optional.of(id + "." + attribute);

    /** A template whose one function has this environment value, written as YAML. */
    private static String withValue(String yaml) {
        return """
                Parameters:
                  Stage: {Type: String, Default: test}
                  Names: {Type: CommaDelimitedList, Default: "a, b"}
                Conditions:
                  IsTest: !Equals [!Ref Stage, test]
                  IsProd: !Not [!Condition IsTest]
                  Both: !And [!Condition IsTest, !Condition IsProd]
                  Either: !Or [!Condition IsTest, !Condition IsProd]
                Resources:
                  Key: {Type: AWS::KMS::Key}
                  F:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: a.B::c
                      Runtime: java25
                      CodeUri: f.zip
                      Timeout: 10
                      MemorySize: 512
                      Environment:
                        Variables:
                          VALUE: %s
                """.formatted(yaml);
    }

    private static Deployment deployment(String yaml, Map<String, String> parameters) throws TemplateException {
        return Template.parse("template.yaml", yaml, Path.of("/somewhere")).with(parameters, PSEUDO);
    }

    private static FunctionResource function(String yaml) throws TemplateException {
        return deployment(yaml, Map.of()).functions(NAMES).getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "!Ref Stage | test",
                "{Ref: Stage} | test",
                "!Ref Key | Key.Ref",
                "!Ref AWS::Region | eu-central-1",
                "!GetAtt Key.Arn | Key.Arn",
                "{Fn::GetAtt: [Key, Arn]} | Key.Arn",
                "!Sub 'x${Stage}y${Key.Arn}z${AWS::AccountId}' | xtestyKey.Arnz1",
                "!Sub ['${A}-${Stage}', {A: !Ref Key}] | Key.Ref-test",
                "!Sub 'keep ${!Literal}' | keep ${Literal}",
                "!If [IsTest, yes, no] | yes",
                "!If [IsProd, yes, no] | no",
                "!If [Both, yes, no] | no",
                "!If [Either, yes, no] | yes",
                "!Join ['-', [a, !Ref Stage]] | a-test",
                "!Join ['', !Ref Names] | ab",
                "!Select [1, !Ref Names] | b",
                "!Select [0, !Split [',', 'x,y']] | x",
                "300 | 300",
                "true | true",
            })
    void aValueIsWhatItsFunctionGives(String yaml, String value) throws Exception {
        assertThat(function(withValue(yaml)).environment()).containsExactly(Map.entry("VALUE", value));
    }

    @Test
    void noValueLeavesTheVariableOut() throws Exception {
        assertThat(function(withValue("!If [IsTest, !Ref AWS::NoValue, x]")).environment())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "!FindInMap [A, B, C] | the function !FindInMap is not played",
                "{Fn::ImportValue: x} | the function Fn::ImportValue is not played",
                "!Reff Stage | the function !Reff is not played",
                "!Ref Stag | no parameter or resource is called Stag",
                "!GetAtt Kay.Arn | no resource is called Kay",
                "!GetAtt Key | Resource.Attribute",
                "!Sub '${Stag}' | no parameter or resource is called Stag",
                "!Sub '${Kay.Arn}' | no resource is called Kay",
                "!If [IsTset, a, b] | no condition is called IsTset",
                "!If [IsTest, a] | takes 3 items, not 2",
                "!Select [2, !Ref Names] | item 2 of a list of 2",
                "!Equals [a, b] | has its place under Conditions only",
                "[a] | a text is wanted here, not a list",
                "{a: b, c: d} | a text is wanted here, not a mapping",
            })
    void aWrongValueIsToldWithItsPlace(String yaml, String sentence) {
        assertThatThrownBy(() -> function(withValue(yaml)))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("template.yaml:21: Resources.F.Properties.Environment.Variables.VALUE")
                .hasMessageContaining(sentence);
    }

    @Test
    void aValueThatThisMachineDoesNotHaveIsTold() throws Exception {
        Deployment deployment = deployment(withValue("!GetAtt Key.Arn"), Map.of());

        assertThatThrownBy(() -> deployment.functions((id, attribute) -> Optional.empty()))
                .hasMessageContaining("VALUE: !GetAtt Key.Arn has no value on this machine");
    }

    @Test
    void aLineThatNobodyHereAsksForIsCheckedToo() {
        String yaml = withValue("x") + "Outputs:\n  Arn: {Value: !GetAtt Nothing.Arn}\n";

        assertThatThrownBy(() -> deployment(yaml, Map.of()))
                .hasMessageContaining("Outputs.Arn.Value")
                .hasMessageContaining("no resource is called Nothing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Handler: a.B::c | Hanlder: a.B::c | Hanlder is not known here",
                "Handler: a.B::c | Description: x | Handler is missing",
                "Runtime: java25 | Runtime: java21 | java25 only",
                "Timeout: 10 | Timeout: 901 | 1 to 900 seconds",
                "Timeout: 10 | Timeout: soon | a whole number",
                "MemorySize: 512 | MemorySize: 64 | 128 to 10240",
                "VALUE: x | V-ALUE: x | not a name that Lambda takes",
                "Type: AWS::KMS::Key | Type: AWS::KMS::Kay | type AWS::KMS::Kay are not known here",
                "Parameters: | Parametres: | Parametres is not known here",
                "CodeUri: f.zip | Handler: other | this key stands here twice",
            })
    void aWrongLineIsTold(String line, String instead, String sentence) {
        String yaml = withValue("x").replace(line, instead);

        assertThat(yaml).isNotEqualTo(withValue("x"));
        assertThatThrownBy(() -> function(yaml))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("template.yaml")
                .hasMessageContaining(sentence);
    }

    @Test
    void anAlarmIsNotPlayedAndItsMembersAreKnown() throws Exception {
        String yaml = withValue("x") + """
                  Alarm:
                    Type: AWS::CloudWatch::Alarm
                    Properties:
                      MetricName: Errors
                      Dimensions: [{Name: FunctionName, Value: !Ref F}]
                      TreatMissingData: breaching
                """;

        assertThat(deployment(yaml, Map.of()).functionIds()).containsExactly("F");
        assertThatThrownBy(() -> deployment(yaml.replace("TreatMissingData", "TreatMissing"), Map.of()))
                .hasMessage(
                        "template.yaml:27: Resources.Alarm.Properties.TreatMissing: TreatMissing is not known here");
        assertThatThrownBy(() -> deployment(yaml.replace("!Ref F", "!Ref G"), Map.of()))
                .hasMessageContaining("no parameter or resource is called G");
    }

    @Test
    void whatIsNoYamlIsTold() {
        assertThatThrownBy(() -> deployment("a: [", Map.of())).hasMessageContaining("not YAML");
    }

    @Test
    void globalsAreMergedInAndTheFunctionsOwnWins() throws Exception {
        FunctionResource function = function("""
                Globals:
                  Function:
                    Runtime: java25
                    CodeUri: target/f.zip
                    Timeout: 10
                    MemorySize: 512
                    Environment: {Variables: {SHARED: global, OWN: global}}
                Resources:
                  F:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: a.B::c
                      Timeout: 60
                      LoggingConfig: {LogFormat: JSON}
                      Environment: {Variables: {OWN: own}}
                """);

        assertThat(function.environment()).containsOnly(Map.entry("SHARED", "global"), Map.entry("OWN", "own"));
        assertThat(function.timeout()).hasSeconds(60);
        assertThat(function.memoryMegabytes()).isEqualTo(512);
        assertThat(function.codeUri()).isEqualTo(Path.of("/somewhere/target/f.zip"));
        assertThat(function.logFormat()).isEqualTo("JSON");
    }

    @Test
    void aResourceWhoseConditionIsFalseIsNotThere() throws Exception {
        String yaml =
                withValue("x").replace("Key: {Type: AWS::KMS::Key}", "Key: {Type: AWS::KMS::Key, Condition: IsProd}");

        assertThat(deployment(yaml, Map.of()).keys()).isEmpty();
        assertThat(deployment(yaml, Map.of("Stage", "prod")).keys()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{Type: String} | needs a value for P",
                "{Type: String, Default: c, AllowedValues: [a, b]} | not among AllowedValues",
                "{Type: String, Default: abc, AllowedPattern: '[a-b]+'} | not of AllowedPattern",
                "{Type: CommaDelimitedList, Default: 'a, c', AllowedPattern: '[a-b]+'} | not of AllowedPattern",
                "{Type: String, Default: '', MinLength: 1} | shorter than MinLength",
                "{Type: String, Default: abc, MaxLength: 2} | longer than MaxLength",
                "{Type: Number, Default: x} | no whole number",
                "{Type: Number, Default: 1, MinValue: 2} | under MinValue",
                "{Type: Number, Default: 3, MaxValue: 2} | over MaxValue",
                "{Type: 'AWS::SSM::Parameter::Value<String>', Default: x} | this type of parameter is not played",
                "{Type: String, Defautl: x} | Defautl is not known here",
            })
    void aParameterThatDoesNotHoldIsTold(String declaration, String sentence) {
        assertThatThrownBy(() -> deployment("Parameters:\n  P: " + declaration + "\nResources: {}\n", Map.of()))
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RuleCondition: !Equals [!Ref P, on], Assertions: [{Assert: !Equals [!Ref Q, a], AssertDescription: P needs Q}] | P needs Q",
                "Assertions: [{Assert: !Not [!Equals [!Ref P, on]], AssertDescription: no P}] | no P",
                "Assertions: [{Assert: !Equals [!Ref P, on]}] | AssertDescription is missing",
                "Assertion: [] | Assertion is not known here",
            })
    void aRuleThatDoesNotHoldIsTold(String rule, String sentence) {
        assertThatThrownBy(() -> deployment(rules(rule), Map.of("P", "on")))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void aRuleThatHoldsOrIsNotAskedForLetsTheTemplatePass() throws Exception {
        String rule =
                "RuleCondition: !Equals [!Ref P, on], Assertions: [{Assert: !Equals [!Ref Q, a], AssertDescription: P needs Q}]";

        assertThat(deployment(rules(rule), Map.of("P", "on", "Q", "a")).functionIds())
                .isEmpty();
        assertThat(deployment(rules(rule), Map.of("P", "off")).functionIds()).isEmpty();
    }

    private static String rules(String rule) {
        return """
                Parameters:
                  P: {Type: String}
                  Q: {Type: String, Default: ""}
                Rules:
                  One: {%s}
                Resources: {}
                """.formatted(rule);
    }

    @Test
    void aParameterThatTheTemplateDoesNotHaveIsTold() {
        assertThatThrownBy(() -> deployment("Resources: {}", Map.of("Nowhere", "x")))
                .hasMessage("template.yaml has no parameter Nowhere");
    }

    private static final String API = """
            Resources:
              Api:
                Type: AWS::Serverless::HttpApi
                Properties:
                  Auth:
                    DefaultAuthorizer: Jwt
                    Authorizers:
                      Jwt:
                        IdentitySource: $request.header.Authorization
                        AuthorizationScopes: [all]
                        JwtConfiguration: {issuer: https://issuer.example, audience: [one, two]}
              F:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: a.B::c
                  Runtime: java25
                  CodeUri: f.zip
                  Timeout: 10
                  MemorySize: 512
                  Events:
                    Plain: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: post, Path: /a}}
                    Own:
                      Type: HttpApi
                      Properties:
                        ApiId: !Ref Api
                        Method: GET
                        Path: /b/{c}
                        TimeoutInMillis: 5000
                        Auth: {AuthorizationScopes: [some]}
                    Open: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: /d, Auth: {Authorizer: NONE}}}
                    Tick: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(5 minutes), Input: '{"a":1}'}}
            """;

    @Test
    void routesKnowTheirAuthorizerAndScopes() throws Exception {
        FunctionResource function = function(API);

        assertThat(function.routes())
                .extracting(
                        FunctionResource.Route::key, FunctionResource.Route::authorizer, FunctionResource.Route::scopes)
                .containsExactly(
                        tuple("POST /a", "Jwt", List.of("all")),
                        tuple("GET /b/{c}", "Jwt", List.of("some")),
                        tuple("GET /d", "", List.of()));
        assertThat(function.routes().get(0).timeout()).hasSeconds(30);
        assertThat(function.routes().get(1).timeout()).hasSeconds(5);
        assertThat(function.schedules())
                .containsExactly(new FunctionResource.Schedule("Tick", "rate(5 minutes)", "{\"a\":1}"));
        assertThat(deployment(API, Map.of()).apis(NAMES))
                .containsExactly(new ApiResource(
                        "Api",
                        Map.of("Jwt", new ApiResource.JwtAuthorizer("https://issuer.example", List.of("one", "two"))),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of()));
    }

    /** The same with this under the API's properties. */
    private static String withEdge(String yaml) {
        assertThat(API).contains("    Auth:\n");
        return API.replaceFirst("(?m)^( +)Auth:$", "$1" + yaml.replace("$", "\\$") + "\n$1Auth:");
    }

    @Test
    void anApiKnowsItsThrottlingAndWhichWebAppsMayCall() throws Exception {
        ApiResource throttled = deployment(
                        withEdge(
                                "DefaultRouteSettings: {ThrottlingRateLimit: 25, ThrottlingBurstLimit: 50}\n      RouteSettings: "
                                        + "{'GET /b/{c}': {ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10}, POST /gone: !Ref AWS::NoValue}"),
                        Map.of())
                .apis(NAMES)
                .getFirst();
        assertThat(throttled.throttle("GET /b/{c}")).hasValue(new ApiResource.Throttle(5, 10));
        assertThat(throttled.throttle("POST /a")).hasValue(new ApiResource.Throttle(25, 50));
        assertThat(throttled.unthrottled().throttle("GET /b/{c}")).isEmpty();

        ApiResource open = deployment(
                        withEdge(
                                "CorsConfiguration: {AllowOrigins: !Split [',', 'https://a.example,http://localhost:1'],"
                                        + " AllowMethods: [GET], AllowHeaders: [x-a, x-b], ExposeHeaders: [x-c], MaxAge: 60}"),
                        Map.of())
                .apis(NAMES)
                .getFirst();
        assertThat(open.cors())
                .hasValue(new ApiResource.Cors(
                        List.of("https://a.example", "http://localhost:1"),
                        List.of("GET"),
                        List.of("x-a", "x-b"),
                        List.of("x-c"),
                        60));
        assertThat(deployment(withEdge("CorsConfiguration: !Ref AWS::NoValue"), Map.of())
                        .apis(NAMES)
                        .getFirst()
                        .cors())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RouteSettings: {POST /gone: {ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1}} | no route POST /gone is there",
                "RouteSettings: {POST /a: {ThrottlingRateLimit: 1}} | ThrottlingBurstLimit is missing",
                "RouteSettings: {POST /a: {ThrottlingRateLimit: 0, ThrottlingBurstLimit: 1}} | at 0 nobody gets through",
                "RouteSettings: {POST /a: {ThrottleRate: 1}} | ThrottleRate is not known here",
                "CorsConfiguration: {AllowOrigins: ['*'], AllowMethods: [GET]} | an origin is written whole here",
                "CorsConfiguration: {AllowOrigins: ['https://a'], AllowCredentials: true} | AllowCredentials is not known here",
                "CorsConfiguration: true | a mapping is wanted here",
            })
    void anEdgeThatDoesNotHoldIsToldWithItsPlace(String yaml, String sentence) {
        assertThatThrownBy(() -> deployment(withEdge(yaml), Map.of()).apis(NAMES))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ApiId: !Ref Api, Method: post | ApiId: !Ref F, Method: post | F is no AWS::Serverless::HttpApi",
                "Type: ScheduleV2 | Type: Schedule | events of this type are not played",
                "Path: /a | Path: a | a path begins with /",
                "Path: /a | Path: /a, PayloadFormatVersion: '1.0' | only payload format 2.0",
                "TimeoutInMillis: 5000 | TimeoutInMillis: 31000 | 50 to 30000 milliseconds",
                "Authorizer: NONE | Authorizer: Other | Api has no authorizer Other",
                "$request.header.Authorization | $request.querystring.t | only $request.header.Authorization",
            })
    void aWrongLineOfAnEventOrApiIsTold(String line, String instead, String sentence) {
        String yaml = API.replace(line, instead);

        assertThat(yaml).isNotEqualTo(API);
        assertThatThrownBy(() -> {
                    Deployment deployment = deployment(yaml, Map.of());
                    deployment.apis(NAMES);
                    deployment.functions(NAMES);
                })
                .hasMessageContaining(sentence);
    }

    @Test
    void keysHaveTheirAliasesAndSecretsTheirFirstValue() throws Exception {
        Deployment deployment = deployment("""
                Resources:
                  Key: {Type: AWS::KMS::Key}
                  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/k, TargetKeyId: !Ref Key}}
                  Full: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: !Sub 'in ${AWS::Region}'}}
                  Empty: {Type: AWS::SecretsManager::Secret}
                """, Map.of());

        assertThat(deployment.keys())
                .containsExactly(new KeyResource("Key", KeyResource.Kind.WRAPPING, List.of("alias/k")));
        assertThat(deployment.secrets())
                .containsExactly(
                        new SecretResource("Full", Optional.of("in eu-central-1")),
                        new SecretResource("Empty", Optional.empty()));
    }

    private static Deployment withKey(String properties) throws TemplateException {
        return deployment("Resources:\n  Key: {Type: AWS::KMS::Key, Properties: {" + properties + "}}\n", Map.of());
    }

    @Test
    void aSigningKeyIsToldByItsSpecAndUsage() throws Exception {
        assertThat(withKey("KeySpec: ECC_NIST_P256, KeyUsage: SIGN_VERIFY").keys())
                .containsExactly(new KeyResource("Key", KeyResource.Kind.SIGNING, List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KeySpec: ECC_NIST_P256 | not ECC_NIST_P256 for ENCRYPT_DECRYPT",
                "KeyUsage: SIGN_VERIFY | not SYMMETRIC_DEFAULT for SIGN_VERIFY",
                "KeySpec: ECC_NIST_P384, KeyUsage: SIGN_VERIFY | not ECC_NIST_P384 for SIGN_VERIFY",
                "KeySpec: ECC_NIST_P256, KeyUsage: SIGN_VERIFY, EnableKeyRotation: true | KMS rotates symmetric keys only",
            })
    void aKindOfKeyThatIsNotPlayedIsRefused(String properties, String sentence) throws Exception {
        assertThatThrownBy(withKey(properties)::keys)
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("template.yaml:2: Resources.Key")
                .hasMessageContaining(sentence);
    }

    @Test
    void anOutputIsThereWhereItsConditionHolds() throws Exception {
        String yaml = withValue("x") + """
                Outputs:
                  Always: {Value: !GetAtt Key.Arn}
                  InTest: {Condition: IsTest, Value: !GetAtt Key.Arn}
                  InProd: {Condition: IsProd, Value: !GetAtt Key.Arn}
                """;
        Deployment deployment = deployment(yaml, Map.of());

        assertThat(deployment.hasOutput("Always")).isTrue();
        assertThat(deployment.hasOutput("InTest")).isTrue();
        assertThat(deployment.hasOutput("InProd")).isFalse();
        assertThat(deployment.hasOutput("Nothing")).isFalse();
        assertThat(deployment.output("InTest", NAMES)).isEqualTo("Key.Arn");
        assertThatThrownBy(() -> deployment.output("InProd", NAMES))
                .hasMessageContaining("Outputs.InProd: this output is not there under these parameters");
    }
}
