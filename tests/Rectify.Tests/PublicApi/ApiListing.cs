using System.Reflection;
using System.Runtime.CompilerServices;

namespace Rectify.Tests.PublicApi;

/// <summary>What an assembly shows to those who reference it: a line a type and a line a member, sorted.</summary>
internal static class ApiListing
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
    };

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>The lines.</summary>
    public static IReadOnlyList<string> Of(Assembly assembly)
    {
        SortedSet<string> lines = new(StringComparer.Ordinal);
        foreach (Type type in assembly.GetExportedTypes().Where(type => !IsWrittenByTheCompiler(type)))
        {
            string name = NameOf(type);
            _ = lines.Add($"{name}: {KindOf(type)}{Bases(type)}");
            if (!type.IsSubclassOf(typeof(Delegate)))
            {
                lines.UnionWith(type.GetMembers(Declared).SelectMany(member => Describe(member)).Select(member => $"{name}.{member}"));
            }
        }

        return [.. lines];
    }

    // What blocks of extension members leave behind.
    private static bool IsWrittenByTheCompiler(Type type) =>
        type.Name.Contains('<', StringComparison.Ordinal) || (type.DeclaringType is { } outer && IsWrittenByTheCompiler(outer));

    private static string KindOf(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsSubclassOf(typeof(Delegate)) ? "delegate"
        : type.IsValueType ? "struct"
        : type.IsAbstract && type.IsSealed ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string Bases(Type type)
    {
        if (type.IsEnum)
        {
            return "";
        }

        Type[] inherited = type.BaseType?.GetInterfaces() ?? [];
        IEnumerable<Type> bases = type.GetInterfaces()
            .Except(inherited)
            .Where(each => each.IsPublic && !(each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IEquatable<>)));
        string[] names =
        [
            .. type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? new[] { NameOf(parent) } : [],
            .. bases.Select(each => NameOf(each)).Order(StringComparer.Ordinal),
        ];
        return names.Length == 0 ? "" : $" : {string.Join(", ", names)}";
    }

    private static IEnumerable<string> Describe(MemberInfo member)
    {
        // What the compiler writes for records, and accessors, which their properties show.
        if (member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is not PropertyInfo)
        {
            return [];
        }

        return member switch
        {
            ConstructorInfo constructor when Shown(constructor) && !constructor.IsStatic => [$"new({Parameters(constructor)})"],
            MethodInfo method when Shown(method) && method.Name != "Finalize" && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) =>
                [$"{Static(method)}{method.Name}{Generic(method)}({Parameters(method)}): {Returned(method)}"],
            PropertyInfo property when Accessors(property) is { Length: > 0 } accessors && property.Name != "EqualityContract" =>
                [$"{Static(property.GetMethod ?? property.SetMethod!)}{property.Name}: {NameOf(property.PropertyType, Nullability.Create(property))} {{ {accessors} }}"],
            FieldInfo field when (field.IsPublic || field.IsFamily) && !field.IsSpecialName =>
                [field.DeclaringType!.IsEnum ? $"{field.Name} = {field.GetRawConstantValue()}"
                    : $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{field.Name}: {NameOf(field.FieldType, Nullability.Create(field))}"],
            EventInfo @event when Shown(@event.AddMethod!) => [$"event {@event.Name}: {NameOf(@event.EventHandlerType!)}"],
            _ => [],
        };
    }

    // Private protected is as good as internal outside.
    private static bool Shown(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract " : "";

    private static string Accessors(PropertyInfo property)
    {
        string set = property.SetMethod is { } setter && Shown(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") ? "init;" : "set;"
            : "";
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        return $"{required}{(property.GetMethod is { } getter && Shown(getter) ? "get;" : "")} {set}".Trim();
    }

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static string Returned(MethodInfo method) => NameOf(method.ReturnType, Nullability.Create(method.ReturnParameter));

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        string way = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : "";
        string given = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        Type type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        string value = parameter.HasDefaultValue ? $" = {Constant(parameter)}" : "";
        return $"{given}{way}{NameOf(type, Nullability.Create(parameter))} {parameter.Name}{value}";
    }));

    private static string Constant(ParameterInfo parameter) => parameter.RawDefaultValue switch
    {
        null => parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? "default" : "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => "?",
    };

    private static string NameOf(Type type, NullabilityInfo? nullability = null)
    {
        string mark = nullability is { ReadState: NullabilityState.Nullable } or { WriteState: NullabilityState.Nullable } && !type.IsValueType ? "?" : "";
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{NameOf(value)}?";
        }

        if (type.IsArray)
        {
            return $"{NameOf(type.GetElementType()!)}[]{mark}";
        }

        if (type.IsByRef)
        {
            return $"ref {NameOf(type.GetElementType()!)}";
        }

        if (type.IsPointer)
        {
            return $"{NameOf(type.GetElementType()!)}*";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return $"{keyword}{mark}";
        }

        string prefix = type.IsNested
            ? $"{NameOf(type.DeclaringType!)}."
            : type.Assembly.GetName().Name!.StartsWith("Rectify", StringComparison.Ordinal) ? $"{type.Namespace}." : "";
        string arguments = type.IsGenericType ? $"<{string.Join(", ", type.GetGenericArguments().Select(argument => NameOf(argument)))}>" : "";
        return $"{prefix}{type.Name.Split('`')[0]}{arguments}{mark}";
    }
}
