import { refersTo } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';

const ddlKey =
  /(?:^|\.)(?:spring\.jpa\.hibernate\.ddl-auto|hibernate\.hbm2ddl\.auto|quarkus\.hibernate-orm\.database\.generation|quarkus\.hibernate-orm\.schema-management\.strategy|(?:javax|jakarta)\.persistence\.schema-generation\.database\.action)$/;
const changes = /^(?:create|create-drop|create-only|update|drop-and-create)$/i;

/** With only an embedded database, every copy makes its own anyway. */
function settingChanges(view: ProgramView): readonly { readonly how: string; readonly setting: ProgramView['settings']['all'][number] }[] {
  return view.settings.all.flatMap((setting) => {
    const { key, text } = setting;
    if (ddlKey.test(key) && changes.test(text.trim())) return [{ how: `${key}=${text.trim()}`, setting }];
    if (key === 'spring.jpa.generate-ddl' && /^true$/i.test(text)) return [{ how: `${key}=true`, setting }];
    const isInit = (key === 'spring.sql.init.mode' || key === 'spring.datasource.initialization-mode') && /^always$/i.test(text);
    return isInit ? [{ how: `${key}=always`, setting }] : [];
  });
}

/** `properties.put("hibernate.hbm2ddl.auto", "update")`, also by the constant of Hibernate. */
function emitProperties(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed('put', 'setProperty', 'property', 'applySetting', 'addProperty')) {
    const [key, value] = call.call.args;
    const isConstant = key?.is === 'name' && key.path.at(-1) === 'HBM2DDL_AUTO';
    if (!value || !(isConstant || (key?.is === 'text' && ddlKey.test(key.value))) || !view.isBean(call)) continue;
    const text = view.names.text(value, call);
    if (text !== undefined && changes.test(text))
      emit('schema-change', placeAt(call.path, call.call.at), { library: 'JPA', how: `hbm2ddl.auto=${text}` }, { within: call.id });
  }
}

/** Schemas that are made or changed when the program starts. Flyway and Liquibase take a lock of their own: they are reported where code calls them. */
export const schemaChanges: Recogniser = {
  text: ['org.flywaydb', 'liquibase', 'hbm2ddl', 'HBM2DDL_AUTO'],
  recognise(view, emit) {
    for (const { how, setting } of settingChanges(view))
      emit('schema-change', setting.place, { library: 'JPA', how }, { when: setting.when });
    emitProperties(view, emit);
    for (const call of view.callsNamed('migrate')) {
      const type = view.names.typeOf(call.call.on, call);
      if (type !== undefined && refersTo(call.file, type, 'org.flywaydb.core.Flyway') && view.isBean(call))
        emit('schema-change', placeAt(call.path, call.call.at), { library: 'Flyway', how: 'migrate()' }, { within: call.id });
    }
  },
};
