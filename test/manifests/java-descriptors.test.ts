/** Descriptors of servers, Hibernate, MyBatis and Spring: no text of theirs breaks a reader, and no password is kept. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { javaXmlAdapter } from '../../src/manifests/java-xml/index.ts';

const paths = [
  'WebContent/WEB-INF/web.xml',
  'conf/server.xml',
  'conf/tomcat-users.xml',
  'src/main/resources/hibernate.cfg.xml',
  'src/main/resources/mybatis-config.xml',
  'src/main/resources/context-jobs.xml',
  'src/main/liberty/config/includes/db.xml',
  'src/main/webapp/WEB-INF/glassfish-web.xml',
  'src/main/webapp/WEB-INF/glassfish-resources.xml',
  'src/main/webapp/WEB-INF/distributable-web.xml',
  'app-jdbc.xml',
  'shop-ds.xml',
  'server/domain.xml',
];
const read = (path: string, text: string) => javaXmlAdapter.extract({ path, text });

const name = fc.constantFrom(
  'beans',
  'bean',
  'property',
  'list',
  'ref',
  'server',
  'Context',
  'Resource',
  'tomcat-users',
  'user',
  'basicRegistry',
  'dataSource',
  'properties.oracle',
  'hibernate-configuration',
  'configuration',
  'environments',
  'environment',
  'resources',
  'jdbc-connection-pool',
  'domain',
  'web-app',
);
const attribute = fc.tuple(
  fc.constantFrom('id', 'class', 'name', 'ref', 'bean', 'url', 'URL', 'default', 'serverName', 'className', 'xmlns', 'key'),
  fc.constantFrom(
    'a',
    'org.springframework.scheduling.quartz.SchedulerFactoryBean',
    'triggers',
    'jobDetail',
    'connection.url',
    'jdbc:oracle:thin:@//10.0.0.5/x',
    'jdbc:',
    'urn:jboss:domain:1',
    'hibernate.hbm2ddl.auto',
  ),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom('update', 'jdbc:h2:mem:x', '<!-- <bean/> -->', '<![CDATA[', '&nope;'),
    fc
      .tuple(name, fc.uniqueArray(attribute, { maxLength: 3, selector: ([key]) => key }), fc.array(tie('tree'), { maxLength: 4 }))
      .map(([tag, list, inner]) => `<${tag} ${list.map(([key, value]) => `${key}="${value}"`).join(' ')}>${inner.join('')}</${tag}>`),
  ),
}));

describe('descriptors of servers and libraries', () => {
  it('never break their readers, whatever they hold', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), tree as fc.Arbitrary<string>, (path, text) => {
        const { facts, notAssessed } = read(path, text);
        expect(facts.length).toBeLessThanOrEqual(text.split('<').length * 4);
        expect(notAssessed.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 400 },
    );
  });
  it('are read although beans refer to themselves', () => {
    const text = `<beans xmlns="http://www.springframework.org/schema/beans">
      <bean id="a" class="org.springframework.scheduling.quartz.SchedulerFactoryBean"><property name="triggers" ref="a"/><property name="jobDetail" ref="a"/></bean>
    </beans>`;
    expect(read('src/main/resources/context-jobs.xml', text).facts.map(({ kind }) => kind)).toEqual(['scheduled-job']);
  });
  it('leave no password in a fact', () => {
    const secret = 'tulip-77-harbour';
    const texts: readonly (readonly [string, string])[] = [
      ['conf/tomcat-users.xml', `<tomcat-users><user password="${secret}"/></tomcat-users>`],
      ['conf/context.xml', `<Context><Resource url="jdbc:mysql://db/x?password=${secret}" password="${secret}"/></Context>`],
      [
        'a/hibernate.cfg.xml',
        `<hibernate-configuration><property name="connection.password">${secret}</property></hibernate-configuration>`,
      ],
      ['src/main/liberty/config/x.xml', `<server><keyStore location="k" password="${secret}"/></server>`],
      ['x-ds.xml', `<datasources><datasource><password>${secret}</password></datasource></datasources>`],
    ];
    for (const [path, text] of texts) {
      const { facts } = read(path, text);
      expect([path, facts.some(({ kind }) => kind === 'secret')]).toEqual([path, true]);
      expect(JSON.stringify(facts)).not.toContain(secret);
    }
  });
  it('keep names short', () => {
    const long = 'x'.repeat(500_000);
    const { facts } = read('shop-ds.xml', `<datasources><datasource jndi-name="${long}"/></datasources>`);
    expect(JSON.stringify(facts).length).toBeLessThan(3000);
  });
});
