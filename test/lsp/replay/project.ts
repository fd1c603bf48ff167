/** A small repository whose files speak of each other in many ways: what an edit of one changes is told in another. */
import { type Files, shop } from '../../temporary-repository.ts';

export const configFile = 'cloudworthy.yml';

export const project: Files = {
  ...shop,
  [configFile]: 'rules:\n  image-runs-as-root: warning\n',
  '.gitignore': 'node_modules/\n',
  'routes/upload.js': `const fs = require('fs');
const store = new Map();
module.exports = (app) => {
  app.post('/upload', (request, response) => {
    fs.writeFileSync('/app/uploads/' + request.query.name, request.body);
    store.set(request.ip, Date.now());
    response.end();
  });
};
`,
  'k8s/service.yaml':
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\nspec:\n  selector: { app: shop }\n  ports:\n    - port: 80\n      targetPort: 8080\n',
  'k8s/kustomization.yaml': 'resources:\n  - deployment.yaml\n  - service.yaml\n',
  'overlays/production/kustomization.yaml': 'resources:\n  - ../../k8s\npatches:\n  - path: replicas.yaml\n',
  'overlays/production/replicas.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  replicas: 4\n',
  'compose.yaml': 'services:\n  shop:\n    build: .\n    ports: ["8080:8080"]\n    environment:\n      PORT: "8080"\n',
  'orders/pom.xml': `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>orders</artifactId>
  <version>1.0.0</version>
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>3.2.0</version>
  </parent>
  <dependencies>
    <dependency>
      <groupId>org.springframework.boot</groupId>
      <artifactId>spring-boot-starter-web</artifactId>
    </dependency>
  </dependencies>
</project>
`,
  'orders/src/main/java/example/Orders.java': `package example;

import jakarta.servlet.http.HttpSession;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Orders {
  public static void main(String[] words) {
    SpringApplication.run(Orders.class, words);
  }

  @GetMapping("/cart")
  String cart(HttpSession session) {
    session.setAttribute("cart", "empty");
    return "cart";
  }
}
`,
  'orders/src/main/resources/application.yml':
    'server:\n  port: 8081\nspring:\n  datasource:\n    url: jdbc:postgresql://localhost:5432/orders\n',
  'orders/Dockerfile': 'FROM eclipse-temurin:21\nCOPY target/orders-1.0.0.jar /orders.jar\nCMD java -jar /orders.jar\n',
  'orders/chart/Chart.yaml': 'apiVersion: v2\nname: orders\nversion: 1.0.0\n',
  'orders/chart/values.yaml': 'replicas: 2\nimage: registry.example.com/orders:1.0.0\n',
  'orders/chart/templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: { app: orders }
  template:
    metadata:
      labels: { app: orders }
    spec:
      containers:
        - name: orders
          image: {{ .Values.image }}
`,
};

export const paths = Object.keys(project);
export const textOf = (path: string): string => project[path] as string;

/** Where files go when they are renamed, for as long as nothing is there. */
export const otherPaths: readonly string[] = [
  'main.js',
  'lib/upload.js',
  'deploy/web.yaml',
  'k8s/other.yaml',
  'orders/notes.txt',
  'orders/cloudworthy.yml',
];

/** Folders that are renamed there and back. */
export const folderMoves: readonly (readonly [string, string])[] = [
  ['routes', 'handlers'],
  ['k8s', 'deploy'],
  ['orders', 'services/orders'],
  ['orders/chart', 'charts/orders'],
  ['overlays/production', 'overlays/live'],
];
/** What programs start with, and what says so. */
export const entryFiles: readonly string[] = ['server.js', 'package.json', 'orders/src/main/java/example/Orders.java', 'orders/pom.xml'];
export const ignoreFiles: readonly string[] = [
  'node_modules/\n',
  'node_modules/\nlib/\nhandlers/\n',
  '*.yaml\n',
  'orders/\nservices/\n',
  '*\n!k8s/\n!k8s/**\n',
];
export const nestedConfigFile = 'orders/cloudworthy.yml';

export const configs: readonly string[] = [
  'rules:\n  session-in-memory: note\n',
  'rules:\n  session-in-memory: off\n',
  'exclude:\n  - orders/**\n',
  'minSeverity: warning\n',
  '{}\n',
];
export const brokenConfigs: readonly string[] = [
  'rules:\n  session-in-memori: note\n',
  'rules: [\n',
  'unknown: true\n',
  'rules:\n  session-in-memory: loud\n',
  '{ rules: { [session-in-memory]: note } }\n',
  '<<<<<<< HEAD\nrules: {}\n=======\nignore: []\n>>>>>>> theirs\n',
];

/** Lines that mean something in one file or another. */
export const snippets: readonly string[] = [
  '  replicas: 1',
  'replicas: 7',
  'server.shutdown: graceful',
  '# cloudworthy-ignore session-in-memory: one replica is enough',
  '// cloudworthy-ignore local-disk: a test',
  "const timers = setInterval(() => console.log('x'), 1000);",
  "require('./routes/upload')(app);",
  "process.on('SIGTERM', () => process.exit(0));",
  '    "ioredis": "^5.0.0",',
  'USER node',
  '---',
  '      terminationGracePeriodSeconds: 5',
  '{{ if .Values.on }}',
  '  @Scheduled(fixedRate = 1000) void tick() {}',
  '}',
  '"🙂',
];
