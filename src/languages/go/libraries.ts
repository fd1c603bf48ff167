/** Libraries under short names, and the types that their functions and methods give. */
import { withoutMajorVersion } from '../../text/go-module.ts';

const names: Readonly<Record<string, string>> = {
  'github.com/gin-gonic/gin': 'gin',
  'github.com/labstack/echo': 'echo',
  'github.com/labstack/echo/middleware': 'echo/middleware',
  'github.com/gofiber/fiber': 'fiber',
  'github.com/go-chi/chi': 'chi',
  'github.com/go-chi/chi/middleware': 'chi/middleware',
  'github.com/pressly/chi': 'chi',
  'github.com/gorilla/mux': 'mux',
  'github.com/julienschmidt/httprouter': 'httprouter',
  'github.com/gorilla/websocket': 'gorilla/websocket',
  'github.com/gofiber/websocket': 'fiber/websocket',
  'github.com/gofiber/contrib/websocket': 'fiber/websocket',
  'nhooyr.io/websocket': 'coder/websocket',
  'github.com/coder/websocket': 'coder/websocket',
  'github.com/gorilla/sessions': 'gorilla/sessions',
  'github.com/gin-contrib/sessions': 'gin/sessions',
  'github.com/alexedwards/scs': 'scs',
  'google.golang.org/grpc': 'grpc',
  'google.golang.org/grpc/health': 'grpc/health',
  'google.golang.org/grpc/health/grpc_health_v1': 'grpc/health/v1',
  'github.com/robfig/cron': 'cron',
  'gopkg.in/robfig/cron': 'cron',
  'github.com/gogs/cron': 'cron',
  'github.com/netresearch/go-cron': 'cron',
  'github.com/go-co-op/gocron': 'gocron',
  'github.com/jasonlvhit/gocron': 'gocron',
  'gorm.io/gorm': 'gorm',
  'github.com/jinzhu/gorm': 'gorm',
  'github.com/jmoiron/sqlx': 'sqlx',
  'github.com/spf13/viper': 'viper',
  'github.com/spf13/cobra': 'cobra',
  'github.com/urfave/cli': 'urfave/cli',
  'github.com/kelseyhightower/envconfig': 'envconfig',
  'github.com/caarlos0/env': 'caarlos0/env',
  'github.com/ilyakaznacheev/cleanenv': 'cleanenv',
  'github.com/sethvargo/go-envconfig': 'sethvargo/envconfig',
  'github.com/redis/go-redis': 'redis',
  'github.com/go-redis/redis': 'redis',
  'go.mongodb.org/mongo-driver/mongo': 'mongo',
  'gopkg.in/natefinch/lumberjack': 'lumberjack',
  'github.com/natefinch/lumberjack': 'lumberjack',
  'github.com/golang-jwt/jwt': 'jwt',
  'github.com/dgrijalva/jwt-go': 'jwt',
};

/** The short name of a package, or its path without the number of a major version. */
export const libraryOf = (importPath: string): string => {
  const path = withoutMajorVersion(importPath);
  return Object.hasOwn(names, path) ? names[path]! : path;
};

/** Types that a function or method gives. */
const results: Readonly<Record<string, string>> = {
  'gin.Default': 'gin.Engine',
  'gin.New': 'gin.Engine',
  'gin.Engine.Group': 'gin.RouterGroup',
  'gin.RouterGroup.Group': 'gin.RouterGroup',
  'echo.New': 'echo.Echo',
  'echo.Echo.Group': 'echo.Group',
  'echo.Group.Group': 'echo.Group',
  'fiber.New': 'fiber.App',
  'fiber.App.Group': 'fiber.Router',
  'fiber.Router.Group': 'fiber.Router',
  'fiber.App.Route': 'fiber.Router',
  'chi.NewRouter': 'chi.Router',
  'chi.NewMux': 'chi.Router',
  'chi.Router.Route': 'chi.Router',
  'chi.Router.Group': 'chi.Router',
  'chi.Router.With': 'chi.Router',
  'mux.NewRouter': 'mux.Router',
  'httprouter.New': 'httprouter.Router',
  'net/http.NewServeMux': 'net/http.ServeMux',
  'net/http.DefaultClient': 'net/http.Client',
  'grpc.NewServer': 'grpc.Server',
  'gorm.Open': 'gorm.DB',
  'database/sql.Open': 'database/sql.DB',
  'database/sql.OpenDB': 'database/sql.DB',
  'gorm.DB.DB': 'database/sql.DB',
  'sqlx.Open': 'sqlx.DB',
  'sqlx.Connect': 'sqlx.DB',
  'sqlx.MustConnect': 'sqlx.DB',
  'sqlx.MustOpen': 'sqlx.DB',
  'sqlx.ConnectContext': 'sqlx.DB',
  'sqlx.NewDb': 'sqlx.DB',
  'xorm.io/xorm.NewEngine': 'xorm.io/xorm.Engine',
  'gorm.DB.Migrator': 'gorm.Migrator',
  'go.mongodb.org/mongo-driver/mongo/options.Client': 'go.mongodb.org/mongo-driver/mongo/options.ClientOptions',
  'github.com/golang-migrate/migrate.New': 'github.com/golang-migrate/migrate.Migrate',
  'github.com/golang-migrate/migrate.NewWithDatabaseInstance': 'github.com/golang-migrate/migrate.Migrate',
  'github.com/golang-migrate/migrate.NewWithSourceInstance': 'github.com/golang-migrate/migrate.Migrate',
  'github.com/golang-migrate/migrate.NewWithInstance': 'github.com/golang-migrate/migrate.Migrate',
  'src.techknowlogick.com/xormigrate.New': 'src.techknowlogick.com/xormigrate.Xormigrate',
  'github.com/go-gormigrate/gormigrate.New': 'github.com/go-gormigrate/gormigrate.Gormigrate',
  'github.com/pressly/goose.NewProvider': 'github.com/pressly/goose.Provider',
  'jwt.New': 'jwt.Token',
  'jwt.NewWithClaims': 'jwt.Token',
  'cron.New': 'cron.Cron',
  'cron.NewWithLocation': 'cron.Cron',
  'viper.New': 'viper.Viper',
  'viper.GetViper': 'viper.Viper',
  'scs.New': 'scs.SessionManager',
  'scs.NewSession': 'scs.SessionManager',
  'github.com/jung-kurt/gofpdf.New': 'github.com/jung-kurt/gofpdf.Fpdf',
  'github.com/go-pdf/fpdf.New': 'github.com/go-pdf/fpdf.Fpdf',
  'github.com/fogleman/gg.NewContextForImage': 'github.com/fogleman/gg.Context',
  'gorilla/websocket.Upgrader.Upgrade': 'gorilla/websocket.Conn',
  'coder/websocket.Accept': 'coder/websocket.Conn',
  'github.com/hashicorp/golang-lru.New': 'github.com/hashicorp/golang-lru.Cache',
};

/** Methods whose result is the thing that they were called on. */
const fluent =
  /^(?:gin\.(?:Engine|RouterGroup)\.Use|mux\.Route\.(?:Methods|Headers|Queries|Schemes|Host|Name|HandlerFunc|Handler|Path|PathPrefix|MatcherFunc)|gorm\.DB\.(?:Debug|WithContext|Session|Set|Model|Table|Begin|Unscoped|Omit|Scopes|Clauses))$/;
const routeOfMux = /^mux\.Router\.(?:HandleFunc|Handle|Path|PathPrefix|Methods|Host|Headers|Schemes|Queries|NewRoute|Name|MatcherFunc)$/;

/** The type of what a call of `target` gives; `pkg.NewShop` gives a `pkg.Shop` unless more is known. */
export function resultOf(target: string): string {
  if (Object.hasOwn(results, target)) return results[target]!;
  if (fluent.test(target)) return target.slice(0, target.lastIndexOf('.'));
  if (routeOfMux.test(target)) return 'mux.Route';
  if (target === 'mux.Route.Subrouter') return 'mux.Router';
  const made = /^(.*[./])(?:New|Must|MustNew|Open|Dial)([A-Z]\w*)$/.exec(target);
  return made ? `${made[1]}${made[2]}` : `${target}()`;
}

/** The same type under another name. */
const sameTypes: Readonly<Record<string, string>> = {
  'chi.Mux': 'chi.Router',
  'gin.IRouter': 'gin.RouterGroup',
  'gin.IRoutes': 'gin.RouterGroup',
  'fiber.Group': 'fiber.Router',
  'sqlx.DB.DB': 'database/sql.DB',
};
export const usualType = (type: string): string => (Object.hasOwn(sameTypes, type) ? sameTypes[type]! : type);
